from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from pydantic import BaseModel

from app.domain.access import Role
from app.domain.brand_settings import Path
from app.domain.rule_version import RuleState, RuleVersion
from app.errors import SettingsUnusable
from app.registry.brand_document import BrandDocument, whole_document
from app.registry.brands import load_brands
from app.registry.places import BRANDS
from tests.desk import Plant, sign_in
from tests.sent import NOW

PAGE = "/desk/brands/fernweh"
SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def owner(plant: Plant) -> TestClient:
    plant.add_person("Ada", role=Role.ADMIN)
    client = TestClient(plant.app())
    sign_in(client, "Ada")
    return client


def filled(client: TestClient) -> dict[str, Any]:
    """The form as the page fills it."""
    form = client.get(PAGE).text.split('id="settings"')[1].split("</form>")[0]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        marks = {name: html.unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        if "name" not in marks or 'form="signature"' in tag:
            continue
        if marks.get("type") == "checkbox" and not re.search(r"\bchecked\b", tag):
            continue
        found.setdefault(marks["name"], []).append(marks.get("value", ""))
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)"[^>]*selected', options)
        assert chosen
        found[name] = [html.unescape(chosen[1])]
    return found


def send(client: TestClient, form: dict[str, Any], do: str = "save", path: str = PAGE) -> Response:
    return client.post(path, data={**form, "do": do}, headers=SAME, follow_redirects=False)


def version(plant: Plant) -> int:
    with plant.store.reading() as tx:
        return tx.settings.latest("fernweh").version


def test_saving_the_page_as_it_is_changes_nothing(plant: Plant, owner: TestClient) -> None:
    answer = send(owner, filled(owner))
    assert (answer.status_code, version(plant)) == (303, 0)


def test_a_change_is_saved_with_who_and_why(plant: Plant, owner: TestClient) -> None:
    form = filled(owner) | {"policy.holdout": "20", "policy.milestones": "5, 23", "why": "to know more"}
    answer = send(owner, form)
    assert answer.headers["location"] == "/desk/brands/fernweh?saved=1"
    with plant.store.reading() as tx:
        saved = tx.settings.get("fernweh", 1)
    assert (saved.who, saved.why) == ("Ada", "to know more")
    assert saved.settings == {"policy": {"holdout": 0.2, "milestones": [5, 23]}}
    page = owner.get(answer.headers["location"]).text
    assert "Version 1 is in force" in page
    assert "version 1, <bdi>Ada</bdi>" in page
    history = owner.get(f"{PAGE}/history").text
    assert "<del>0 %</del>" in history
    assert "<ins>20 %</ins>" in history
    assert "to know more" in history


def test_the_order_of_the_list_is_the_priority(plant: Plant, owner: TestClient) -> None:
    form = filled(owner)
    form["place"] = ["win_back", *(code for code in form["place"] if code != "win_back")]
    form["on"] = [code for code in form["on"] if code != "new_category"]
    send(owner, form)
    with plant.store.reading() as tx:
        policy = plant.brand_desk().brands(tx, "fernweh").policy
    assert policy.order[0] == "win_back"
    assert policy.switched_off == {"new_category"}
    assert "new_category" not in policy.order
    shown = filled(owner)
    assert shown["on"] == [code for code in form["place"] if code != "new_category"]
    assert set(shown["place"]) == set(form["place"])


def test_a_channel_is_added_changed_and_forgotten(plant: Plant, owner: TestClient) -> None:
    send(owner, filled(owner) | {"new-channel": "etsy"})
    assert filled(owner)["channel"] == ["etsy"]
    send(
        owner, filled(owner) | {"policy.channels.etsy.cards": "false", "policy.channels.etsy.soft_skip": "0"}
    )
    with plant.store.reading() as tx:
        (channel,) = plant.brand_desk().brands(tx, "fernweh").policy.channels
    assert (channel.cards, channel.soft_skip) == (False, 0.0)
    send(owner, filled(owner) | {"no-channel": "etsy"})
    assert "channel" not in filled(owner)


def test_what_a_change_would_do_is_shown_and_not_saved(plant: Plant, owner: TestClient) -> None:
    answer = send(owner, filled(owner) | {"policy.soft_gap_days": "60"}, do="preview")
    assert "<del>45 days</del>" in answer.text
    assert "<ins>60 days</ins>" in answer.text
    assert version(plant) == 0


@pytest.mark.parametrize(
    ("field", "value", "label"),
    [
        ("policy.holdout", "80", "Without cards"),
        ("policy.holdout", "lots", "Without cards"),
        ("time_zone", "Mars", "Time zone"),
        ("policy.milestones", "0", "Orders of a year"),
        ("policy.milestones", "23, x", "Orders of a year"),
        ("policy.soft_gap_days", "-1", "After any card, wait"),
        ("link", "http://example.com", "Where the code leads"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_kept(
    plant: Plant, owner: TestClient, field: str, value: str, label: str
) -> None:
    answer = send(owner, filled(owner) | {field: value, "name": "Fernweh 2"})
    assert (answer.status_code, version(plant)) == (422, 0)
    assert f"<strong>{label}</strong>" in answer.text
    assert re.search(rf'name="{re.escape(field)}"[^>]*aria-invalid="true"', answer.text)
    assert 'value="Fernweh 2"' in answer.text


def test_of_two_who_save_at_once_the_second_sees_what_the_first_did(plant: Plant, owner: TestClient) -> None:
    mine, theirs = filled(owner), filled(owner)
    send(owner, theirs | {"name": "Theirs", "policy.holdout": "30"})
    answer = send(owner, mine | {"policy.soft_gap_days": "60"})
    assert (answer.status_code, version(plant)) == (409, 1)
    assert "Changed meanwhile" in answer.text
    assert "<ins>Theirs</ins>" in answer.text
    assert 'value="Theirs"' in answer.text, "what is in force shows under what was changed"
    send(
        owner, mine | {"policy.soft_gap_days": "60", "name": "Theirs", "policy.holdout": "30", "version": "1"}
    )
    with plant.store.reading() as tx:
        assert tx.settings.get("fernweh", 2).settings == {
            "name": "Theirs",
            "policy": {"holdout": 0.3, "soft_gap_days": 60},
        }


def test_an_earlier_version_is_put_in_force_again(plant: Plant, owner: TestClient) -> None:
    for name in ("One", "Two"):
        send(owner, filled(owner) | {"name": name})
    form = {"csrf": filled(owner)["csrf"][0], "version": "2", "to": "1"}
    answer = send(owner, form, path=f"{PAGE}/revert")
    assert answer.headers["location"].endswith("?saved=3")
    assert "back to version 1" in owner.get(f"{PAGE}/history").text
    again = send(owner, form, path=f"{PAGE}/revert")
    assert (again.status_code, version(plant)) == (412, 3)


def test_a_signature_is_uploaded(plant: Plant, owner: TestClient) -> None:
    form = {"csrf": filled(owner)["csrf"][0], "version": "0"}
    for content, status in ((b"GIF89a", 422), ((BRANDS / "fernweh/signature.png").read_bytes(), 303)):
        answer = owner.post(
            f"{PAGE}/signature",
            data=form,
            files={"picture": ("a.png", content, "image/png")},
            headers=SAME,
            follow_redirects=False,
        )
        assert answer.status_code == status
    assert version(plant) == 1


def test_who_may_look_and_who_may_change(plant: Plant) -> None:
    plant.add_person("Dee", role=Role.DESIGNER)
    plant.add_person("Mo", role=Role.ADMIN, brand="maple-row")
    looks, designs, elsewhere = (TestClient(plant.app()) for _ in range(3))
    sign_in(looks)
    page = looks.get(PAGE).text
    assert "You may look at these settings" in page
    assert ">Save<" not in page
    csrf = re.search(r'name="csrf" value="([^"]*)"', page)
    assert csrf
    assert send(looks, {"csrf": csrf[1], "version": "0"}).status_code == 403
    sign_in(designs, "Dee")
    assert send(designs, filled(designs) | {"name": "Deesign"}).status_code == 303
    sign_in(elsewhere, "Mo")
    assert elsewhere.get(PAGE).status_code == 404
    assert elsewhere.get("/desk/brands", follow_redirects=False).headers["location"].endswith("maple-row")
    assert TestClient(plant.app()).get(PAGE, follow_redirects=False).status_code == 303


def test_a_form_of_another_site_is_refused(plant: Plant, owner: TestClient) -> None:
    form = filled(owner) | {"name": "Owned"}
    cross = owner.post(PAGE, data={**form, "do": "save"}, headers={"Sec-Fetch-Site": "cross-site"})
    forged = send(owner, form | {"csrf": "x"})
    assert (cross.status_code, forged.status_code, version(plant)) == (403, 403, 0)


def test_no_name_can_hide_in_the_page(owner: TestClient) -> None:
    hostile = '"><script>document.title=1</script>\u202e'
    send(owner, filled(owner) | {"policy.experiment": hostile[:40], "why": hostile})
    for path in (PAGE, f"{PAGE}/history"):
        page = owner.get(path).text
        assert "<script>document" not in page
        assert "\u202e" not in page


def _paths(model: type[BaseModel], document: Mapping[str, Any], at: Path = ()) -> Iterator[Path]:
    """Every setting that a model has: one for each key of what is keyed by language, colour or channel."""
    for name, field in model.model_fields.items():
        value, inner = document.get(name), field.annotation
        kinds: list[type] = [kind for kind in (inner, *get_args(inner)) if isinstance(kind, type)]
        nested = next((kind for kind in kinds if issubclass(kind, BaseModel)), None)
        whole = nested is inner
        if nested is None:
            keyed = value if isinstance(value, Mapping) and name != "categories" else {}
            yield from ((*at, name, key) for key in keyed)
            if not keyed:
                yield (*at, name)
        elif whole:
            yield from _paths(nested, value or {}, (*at, name))
        else:
            for key, one in (value or {}).items():
                yield from _paths(nested, one, (*at, name, key))


_CONTROLS: Mapping[Path, str] = {
    ("policy", "order"): 'name="place"',
    ("policy", "switched_off"): 'name="on"',
    ("signer", "signature"): 'name="picture"',
}


def test_the_page_has_every_setting_that_the_model_has(owner: TestClient) -> None:
    send(owner, filled(owner) | {"new-channel": "etsy"})
    page = owner.get(PAGE).text
    document = whole_document(load_brands(BRANDS)["fernweh"].document)
    document["policy"]["channels"] = {"etsy": {}}
    document["signer"]["name_in"] = document["category_names"] = dict.fromkeys(document["languages"], "")
    paths = set(_paths(BrandDocument, document))
    assert {("policy", "channels", "etsy", "order"), ("policy", "lead_days"), ("imprint", "de")} <= paths
    names = {path: ".".join(path) for path in paths}
    lacking = [
        name
        for path, name in names.items()
        if not any(mark in page for mark in (_CONTROLS.get(path), f'name="{name}"', f'id="s-{name}"') if mark)
    ]
    assert not lacking, "settings_fields or settings_parts lack these"


def test_tables_colours_and_lists_are_read_as_they_are_shown(plant: Plant, owner: TestClient) -> None:
    form = filled(owner) | {
        "palette.accent": "0 50 90 2",
        "languages": "de, en",
        "story.en": "* = We press every leaf by hand.\r\nfirst = Hello\r\n",
        "policy.hand_signed.occasions": ["first"],
        "policy.hand_signed.from_spend_minor": "50000",
    }
    assert send(owner, form).status_code == 303
    with plant.store.reading() as tx:
        brand = plant.brand_desk().brands(tx, "fernweh")
    assert brand.languages[:2] == ("de", "en")
    assert brand.story["en"]["*"] == "We press every leaf by hand."
    assert brand.policy.hand_signed.occasions == {"first"}
    page = html.unescape(owner.get(PAGE).text)
    assert 'value="0 50 90 2"' in page
    assert "* = We press every leaf by hand." in page
    assert "Story (en): first" in owner.get(f"{PAGE}/history").text
    assert version(plant) == 1
    send(owner, filled(owner))
    assert version(plant) == 1
    refused = send(owner, filled(owner) | {"palette.accent": "0 50 none"})
    assert refused.status_code == 422
    assert "Accent" in refused.text


def _add_rule(plant: Plant, name: str, title: str) -> None:
    document = {"name": name, "title": title, "when": {"fact": "n_prior", "op": "=", "value": 2}}
    with plant.store.transaction() as tx:
        tx.rules.add(
            RuleVersion(
                brand="fernweh",
                name=name,
                version=1,
                state=RuleState.DRAFT,
                document=document,
                made_by="Ada",
                made_at=NOW,
            )
        )


def test_a_rule_that_is_not_there_cannot_be_named(plant: Plant) -> None:
    save = plant.brand_desk().save
    with plant.store.transaction() as tx, pytest.raises(SettingsUnusable, match="rule:nobody"):
        save(tx, "fernweh", {"policy": {"switched_off": ["rule:nobody"]}}, onto=0, who="Ada")
    _add_rule(plant, "nobody", "Nobody")
    with plant.store.transaction() as tx:
        assert save(tx, "fernweh", {"policy": {"order": ["rule:nobody", "first"]}}, onto=0, who="Ada") == 1
