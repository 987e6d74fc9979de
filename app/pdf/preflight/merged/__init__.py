"""Files of very many records: gone through once, object by object, in little memory."""
