"""The Internet Printing Protocol: messages (RFC 8010), what they mean (RFC 8011), and a client."""
