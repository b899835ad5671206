CREATE TABLE IF NOT EXISTS users (
	id            INTEGER PRIMARY KEY,
	username      TEXT NOT NULL UNIQUE,
	email         TEXT NOT NULL UNIQUE COLLATE NOCASE,
	password_hash BLOB NOT NULL, -- bcrypt
	bio           TEXT NOT NULL DEFAULT '',
	image         TEXT           -- its address
);
CREATE TABLE IF NOT EXISTS tokens (
	hash    BLOB PRIMARY KEY, -- SHA-256: who can read the database cannot log in
	user    INTEGER NOT NULL REFERENCES users,
	expires TIMESTAMP NOT NULL
);
CREATE TABLE IF NOT EXISTS images (
	id   TEXT PRIMARY KEY, -- SHA-256 of data, in hexadecimal
	type TEXT NOT NULL,
	data BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS follows (
	follower INTEGER NOT NULL REFERENCES users,
	followed INTEGER NOT NULL REFERENCES users,
	PRIMARY KEY (follower, followed)
);
CREATE INDEX IF NOT EXISTS follows_followed ON follows (followed);
CREATE TABLE IF NOT EXISTS articles (
	id          INTEGER PRIMARY KEY,
	slug        TEXT NOT NULL UNIQUE,
	author      INTEGER NOT NULL REFERENCES users,
	title       TEXT NOT NULL,
	description TEXT NOT NULL,
	body        TEXT NOT NULL,
	created     TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
	updated     TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now'))
);
CREATE INDEX IF NOT EXISTS articles_author ON articles (author);
CREATE TABLE IF NOT EXISTS tags (
	article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
	tag     TEXT NOT NULL,
	PRIMARY KEY (article, tag)
);
CREATE INDEX IF NOT EXISTS tags_tag ON tags (tag);
CREATE TABLE IF NOT EXISTS favorites (
	user    INTEGER NOT NULL REFERENCES users,
	article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
	PRIMARY KEY (user, article)
);
CREATE INDEX IF NOT EXISTS favorites_article ON favorites (article);
CREATE TABLE IF NOT EXISTS comments (
	id      INTEGER PRIMARY KEY,
	article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
	author  INTEGER NOT NULL REFERENCES users,
	body    TEXT NOT NULL,
	created TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
	updated TIMESTAMP NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now'))
);
CREATE INDEX IF NOT EXISTS comments_article ON comments (article);
