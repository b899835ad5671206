CREATE TABLE IF NOT EXISTS users (
	id         INTEGER PRIMARY KEY,
	name       TEXT NOT NULL,
	email      TEXT NOT NULL,
	role       TEXT NOT NULL,
	token_hash BLOB NOT NULL UNIQUE -- SHA-256
);
CREATE TABLE IF NOT EXISTS products (
	id      INTEGER PRIMARY KEY,
	name    TEXT NOT NULL UNIQUE,
	price   INTEGER NOT NULL, -- cents
	stock   INTEGER NOT NULL,
	tags    TEXT NOT NULL,    -- a JSON list
	picture BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS orders (
	id     INTEGER PRIMARY KEY,
	user   INTEGER NOT NULL REFERENCES users,
	placed TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE IF NOT EXISTS order_lines (
	order_id INTEGER NOT NULL REFERENCES orders,
	product  INTEGER NOT NULL REFERENCES products,
	quantity INTEGER NOT NULL,
	price    INTEGER NOT NULL -- of one, when it was ordered
);
CREATE TABLE IF NOT EXISTS audit (
	id   INTEGER PRIMARY KEY,
	at   TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
	user TEXT NOT NULL,
	what TEXT NOT NULL
);

-- What the shop begins with. The token of a user is its name; a picture is a GIF
-- of one pixel.
INSERT OR IGNORE INTO users VALUES
	(1, 'ann', 'ann@example.com', 'customer', x'49915e0d7d4b402e3017d010bc1c0e83cac6c797d6c16e66340fe3268693a6a1'),
	(2, 'root', 'root@example.com', 'admin', x'4813494d137e1631bba301d5acab6e7bb7aa74ce1185d456565ef51d737677b2'),
	(3, 'bob', 'bob@example.invalid', 'customer', x'81b637d8fcd2c6da6359e6963113a1170de795e4b725b84d1e0b4cfd9ec58ce9'); -- no mail reaches him
INSERT OR IGNORE INTO products VALUES
	(1, 'Cup', 950, 12, '["kitchen", "blue"]', x'4749463839610100010080000000add80000002c00000000010001000002024401003b'),
	(2, 'Teapot', 4200, 3, '["kitchen"]',      x'47494638396101000100800000ce32620000002c00000000010001000002024401003b'),
	(3, 'Lamp', 6900, 5, '["light"]',          x'47494638396101000100800000fddd000000002c00000000010001000002024401003b'),
	(4, 'Bottle', 1800, 20, '["kitchen"]',     x'4749463839610100010080000000a29c0000002c00000000010001000002024401003b');
