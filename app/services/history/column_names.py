"""What columns are called in other programs' exports, in the languages of their makers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_NAMES: Mapping[str, str] = {
    "id": (
        "id, order id, order number, order no, order, order ref, order reference, orderid, name, "
        "invoice, invoice no, bestellnummer, auftragsnummer, auftrag, bestellung, commande, "
        "numero de commande, pedido, numero de pedido, ordine"
    ),
    "placed_at": (
        "placed at, order date, date, created at, created, date created, ordered at, purchase "
        "date, sale date, order time, timestamp, invoice date, bestelldatum, auftragsdatum, "
        "datum, date de commande, fecha, fecha de pedido, data"
    ),
    "value": (
        "value, total, order total, grand total, total price, amount, order value, total amount, "
        "total paid, gesamt, gesamtbetrag, summe, betrag, montant, montant total, importe, "
        "importe total, totale"
    ),
    "value_minor": (
        "value minor, total minor, amount minor, total cents, amount cents, value cents, total pence"
    ),
    "currency": "currency, currency code, order currency, waehrung, wahrung, devise, moneda, valuta",
    "customer_id": (
        "customer id, customer, customer number, customer no, client id, buyer id, buyer user id, "
        "user id, kundennummer, kunde, kunden id, client, numero client, cliente, id cliente"
    ),
    "email": (
        "email, e mail, customer email, billing email, email address, buyer email, contact email, "
        "mail, kunden email, courriel, correo, correo electronico"
    ),
    "status": "status, order status, financial status, state, bestellstatus, statut, estado, stato",
    "promised_at": (
        "promised at, promised, promised date, promise date, due date, delivery promised, "
        "estimated delivery, deliver by, liefertermin, zugesagt, date promise, fecha prometida"
    ),
    "shipped_at": (
        "shipped at, shipped, ship date, date shipped, shipping date, fulfilled at, dispatched "
        "at, dispatch date, versanddatum, versendet, expedie le, fecha de envio"
    ),
    "delivered_at": (
        "delivered at, delivered, delivery date, date delivered, zugestellt, lieferdatum, livre le, entregado"
    ),
    "cancelled_at": (
        "cancelled at, canceled at, cancelled, canceled, cancellation date, storniert, storno, "
        "annule le, cancelado"
    ),
    "credit": (
        "credit, refund, refunded, refunded amount, refund amount, total refunded, gutschrift, "
        "remboursement, reembolso"
    ),
    "credited_at": "credited at, refunded at, refund date, gutschriftsdatum",
    "channel": (
        "channel, sales channel, order channel, source name, marketplace, kanal, verkaufskanal, canal, canale"
    ),
    "country": (
        "country, country code, shipping country, shipping country code, ship country, delivery country, "
        "land, lieferland, pays, pais, paese"
    ),
    "gift": "gift, is gift, gift order, geschenk, cadeau, regalo",
    "opted_out": "opted out, opt out, no cards, do not contact",
    "kind": "kind, order kind, order type",
    "sku": (
        "sku, skus, item sku, lineitem sku, product sku, article number, artikelnummer, stock "
        "code, stockcode, article, referencia"
    ),
    "category": (
        "category, categories, product category, product type, kategorie, warengruppe, categorie, categoria"
    ),
    "item_total": "item total, line total, lineitem total, row total, positionssumme",
    "item_price": "item price, lineitem price, unit price, price, einzelpreis, preis, prix unitaire, precio",
    "item_quantity": "item quantity, lineitem quantity, quantity, qty, menge, anzahl, quantite, cantidad",
}
_FIELDS = {name: [each.strip() for each in names.split(",")] for name, names in _NAMES.items()}
_UNACCENTED = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "é": "e", "è": "e", "ê": "e", "ó": "o", "í": "i", "ú": "u"}
)


def guess_columns(columns: Sequence[str]) -> dict[str, str]:
    """The columns that fields are likely to be, by their names alone; a better name wins."""
    plain = {_plain(column): column for column in reversed(columns)}
    found: dict[str, str] = {}
    for field, names in _FIELDS.items():
        column = next((plain[name] for name in names if name in plain), None)
        if column is not None and column not in found.values():
            found[field] = column
    return found


def _plain(column: str) -> str:
    """A name without case, accents' commoner spellings, punctuation or the path before it."""
    last = column.replace("[]", "").rsplit(".", 1)[-1] if "." in column.strip(".") else column
    spaced = "".join(f" {c}" if c.isupper() and last[i - 1 : i].islower() else c for i, c in enumerate(last))
    letters = "".join(c if c.isalnum() else " " for c in spaced.casefold())
    for accented, plain in (
        ("ä", "ae"),
        ("ö", "oe"),
        ("ü", "ue"),
        ("é", "e"),
        ("è", "e"),
        ("ó", "o"),
        ("í", "i"),
        ("ú", "u"),
    ):
        letters = letters.replace(accented, plain)
    return " ".join(letters.split())
