-- The store of bacatui, schema 1. docs/store.md is made from this file.
-- Times are whole seconds since 1970 in UTC; NULL is unknown. Texts are sanitized plain text.
-- What a publisher wrote (feed, fetch, entry, content, article, picture) and what the user did
-- (mark, tag, journal, saved_search, mute_rule) are in different tables. `unread`, `tally` and
-- both indexes are derived, and `bacatui doctor` can rebuild them.

-- A subscription. A removed one stays, with its entries hidden, until it is deleted by retention.
CREATE TABLE feed (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  url TEXT NOT NULL UNIQUE,                    -- what the user subscribed to; '' for saved pages
  title TEXT NOT NULL DEFAULT '',              -- the user's own title, or ''
  publisher_title TEXT NOT NULL DEFAULT '',
  site TEXT NOT NULL DEFAULT '',               -- URL of the web site
  folder TEXT NOT NULL DEFAULT '',             -- a folder in a folder is 'News/Local'
  full_text TEXT NOT NULL DEFAULT 'auto',      -- fetching of pages: auto (stubs), always, never
  settings TEXT NOT NULL DEFAULT '{}',         -- JSON: pictures, interval, keep, headers ...
  added_at INTEGER NOT NULL,
  removed_at INTEGER                           -- when the user unsubscribed
) STRICT;

-- What is known about fetching a feed: see `model.FetchState`.
CREATE TABLE fetch (
  feed INTEGER PRIMARY KEY,                    -- feed.id
  etag TEXT NOT NULL DEFAULT '',               -- exactly as the server sent it
  last_modified TEXT NOT NULL DEFAULT '',      -- exactly as the server sent it
  body_hash TEXT NOT NULL DEFAULT '',          -- of the last body that was stored
  refused_hash TEXT NOT NULL DEFAULT '',       -- of the last body that was not a feed
  status TEXT NOT NULL DEFAULT 'new',          -- new, ok, failing, gone, waiting, paused
  error TEXT NOT NULL DEFAULT '',              -- one sentence, while failing
  errors INTEGER NOT NULL DEFAULT 0,           -- failures in a row
  reached INTEGER NOT NULL DEFAULT 1,          -- the last failure was the host's, not the network's
  last_checked INTEGER,
  last_ok INTEGER,                             -- last 200 that was stored, or 304
  last_full INTEGER,                           -- last 200 that was stored
  next_check INTEGER,
  ttl INTEGER,                                 -- seconds between polls, as asked for
  moved_to TEXT NOT NULL DEFAULT '',           -- target of a permanent redirect
  moved_seen INTEGER NOT NULL DEFAULT 0        -- how often it was seen in a row
) STRICT;

-- How long a host asked to be left alone (Retry-After).
CREATE TABLE host (
  name TEXT PRIMARY KEY,
  wait_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- An entry of a feed, as its publisher wrote it. `id` is never used twice.
CREATE TABLE entry (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  feed INTEGER NOT NULL,                       -- feed.id
  key TEXT NOT NULL,                           -- identity in the feed: g:guid, l:link or h:hash
  guid TEXT NOT NULL DEFAULT '',
  title TEXT NOT NULL,
  url TEXT NOT NULL DEFAULT '',
  author TEXT NOT NULL DEFAULT '',
  published INTEGER,
  updated INTEGER,
  first_seen INTEGER NOT NULL,                 -- when it was stored first
  sort_at INTEGER NOT NULL,                    -- published; first_seen if later or too old
  language TEXT NOT NULL DEFAULT '',
  words INTEGER NOT NULL DEFAULT 0,            -- of the text that is shown
  is_stub INTEGER NOT NULL DEFAULT 0,          -- the feed's text is too short to be the article
  text_state TEXT NOT NULL DEFAULT 'ready',    -- of the text: pending, ready, partial, failed
  offline TEXT NOT NULL DEFAULT 'ready',       -- of text and pictures (derived)
  hidden INTEGER NOT NULL DEFAULT 0,           -- muted or of a removed feed, not kept (derived)
  hash BLOB NOT NULL,                          -- of all that the publisher wrote
  UNIQUE (feed, key)
) STRICT;
CREATE INDEX entry_latest ON entry (sort_at, id, feed, hidden) WHERE hidden = 0;
CREATE INDEX entry_of_feed ON entry (feed, sort_at, id, hidden) WHERE hidden = 0;
CREATE INDEX entry_missing ON entry (offline, sort_at, id) WHERE offline <> 'ready';

-- The feed's own text of an entry. It is not in `entry`, so that lists are fast to read.
CREATE TABLE content (
  entry INTEGER PRIMARY KEY,                   -- entry.id
  html TEXT NOT NULL DEFAULT '',               -- clean minimal HTML, well-formed
  text TEXT NOT NULL DEFAULT '',               -- the same as plain text
  summary TEXT NOT NULL DEFAULT '',
  comments TEXT NOT NULL DEFAULT '',           -- URL
  enclosures TEXT NOT NULL DEFAULT '[]',       -- JSON list of {url, type, length, title}
  categories TEXT NOT NULL DEFAULT '[]'        -- JSON list of the publisher's categories
) STRICT;

-- The article that was extracted from an entry's web page, or why there is none.
CREATE TABLE article (
  entry INTEGER PRIMARY KEY,                   -- entry.id
  title TEXT NOT NULL DEFAULT '',
  byline TEXT NOT NULL DEFAULT '',
  published TEXT,                              -- RFC 3339 with the publisher's offset
  lead TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL DEFAULT '',
  html TEXT NOT NULL DEFAULT '',
  language TEXT NOT NULL DEFAULT '',
  site TEXT NOT NULL DEFAULT '',
  lead_image TEXT NOT NULL DEFAULT '',
  url TEXT NOT NULL DEFAULT '',                -- after redirects
  kind TEXT NOT NULL DEFAULT 'article',        -- article, gallery, live, paywall, feed, none
  next_page TEXT NOT NULL DEFAULT '',
  extractor TEXT NOT NULL DEFAULT '',          -- the extractor whose result was chosen
  rules TEXT NOT NULL DEFAULT '',              -- version of the boilerplate rules
  cuts TEXT NOT NULL DEFAULT '[]',             -- removed blocks: JSON [position, html, by, where]
  error TEXT NOT NULL DEFAULT '',              -- why the text is missing, one sentence
  tried_at INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0
) STRICT;

-- A picture's file in the pictures folder; the path is '' where it could not be fetched.
CREATE TABLE picture (
  url TEXT PRIMARY KEY,
  path TEXT NOT NULL DEFAULT '',
  format TEXT NOT NULL DEFAULT '',
  width INTEGER NOT NULL DEFAULT 0,
  height INTEGER NOT NULL DEFAULT 0,
  size INTEGER NOT NULL DEFAULT 0,             -- bytes
  error TEXT NOT NULL DEFAULT '',
  tried_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

-- Which entry shows which picture.
CREATE TABLE need (
  entry INTEGER NOT NULL,                      -- entry.id
  url TEXT NOT NULL,                           -- picture.url
  PRIMARY KEY (entry, url)
) STRICT, WITHOUT ROWID;
CREATE INDEX need_of_picture ON need (url);

-- Entries that retention has deleted: they are not new when a feed brings them again.
CREATE TABLE tombstone (
  feed INTEGER NOT NULL,
  key TEXT NOT NULL,                           -- entry.key
  likeness INTEGER NOT NULL,                   -- hash of link and title, if ids change
  entry INTEGER NOT NULL,                      -- its former entry.id
  PRIMARY KEY (feed, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX tombstone_likeness ON tombstone (feed, likeness);

-- What the user did with an entry. Marks outlive their entries; sync may not write here.
CREATE TABLE mark (
  entry INTEGER PRIMARY KEY,                   -- entry.id
  read_at INTEGER,
  bookmarked_at INTEGER,
  hidden_at INTEGER,                           -- muted
  note TEXT NOT NULL DEFAULT '',
  place REAL NOT NULL DEFAULT 0                -- how far it was read, see `model.Mark`
) STRICT;
CREATE INDEX mark_bookmarked ON mark (bookmarked_at) WHERE bookmarked_at IS NOT NULL;
CREATE INDEX mark_noted ON mark (entry) WHERE note <> '';

CREATE TABLE tag (
  name TEXT NOT NULL,
  entry INTEGER NOT NULL,                      -- entry.id
  PRIMARY KEY (name, entry)
) STRICT, WITHOUT ROWID;
CREATE INDEX tag_of_entry ON tag (entry);

-- Every change of what the user owns, with its author. Undo and redo use it.
CREATE TABLE journal (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  author TEXT NOT NULL,                        -- reader, sync, import, rule:NAME
  kind TEXT NOT NULL,                          -- read, unread, bookmark, tags, note, feed ...
  count INTEGER NOT NULL,
  detail TEXT NOT NULL DEFAULT '',
  undone_at INTEGER,
  can_redo INTEGER NOT NULL DEFAULT 0,         -- undone, and nothing was done since
  changes TEXT NOT NULL                        -- JSON list of {what, from, to, ids, about}
) STRICT;
CREATE INDEX journal_redo ON journal (id) WHERE can_redo = 1;

CREATE TABLE saved_search (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  query TEXT NOT NULL
) STRICT;

-- A query that marks as read, or hides, what arrives. Bookmarked entries are left alone.
CREATE TABLE mute_rule (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  query TEXT NOT NULL,
  action TEXT NOT NULL                         -- read, hide
) STRICT;

-- Small values, such as the state of the screen.
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Derived: entries that are unread and visible, in the order of the list.
CREATE TABLE unread (
  sort_at INTEGER NOT NULL,
  entry INTEGER NOT NULL,                      -- entry.id
  feed INTEGER NOT NULL,
  minutes INTEGER NOT NULL,                    -- reading time
  PRIMARY KEY (sort_at, entry)
) STRICT, WITHOUT ROWID;
CREATE INDEX unread_of_feed ON unread (feed, sort_at, entry, minutes);

-- Derived: the counts of each feed.
CREATE TABLE tally (
  feed INTEGER PRIMARY KEY,                    -- feed.id
  entries INTEGER NOT NULL,                    -- visible ones
  unread INTEGER NOT NULL,
  minutes INTEGER NOT NULL                     -- reading time of the unread
) STRICT;

-- The text of an entry that is shown and searched: the article's, else the feed's.
CREATE VIEW readable AS
  SELECT e.id, e.title, e.author, coalesce(nullif(a.text, ''), c.text) AS text
  FROM entry e JOIN content c ON c.entry = e.id LEFT JOIN article a ON a.entry = e.id;

-- Entries that retention never deletes: bookmarked, noted or tagged.
CREATE VIEW kept AS
  SELECT entry FROM mark WHERE bookmarked_at IS NOT NULL
  UNION SELECT entry FROM mark WHERE note <> ''
  UNION SELECT entry FROM tag;

-- The list of entries, for reading with Datasette or sqlite3.
CREATE VIEW latest AS
  SELECT e.id, datetime(e.sort_at, 'unixepoch') AS at, coalesce(nullif(f.title, ''), f.publisher_title) AS feed, e.title, e.url,
    e.author, m.read_at IS NOT NULL AS is_read, m.bookmarked_at IS NOT NULL AS is_bookmarked, e.offline, r.text
  FROM entry e JOIN feed f ON f.id = e.feed JOIN readable r ON r.id = e.id LEFT JOIN mark m ON m.entry = e.id
  WHERE e.hidden = 0 ORDER BY e.sort_at DESC, e.id DESC;

-- Full-text index of words, without accents; updated in the transaction that changes the text.
CREATE VIRTUAL TABLE search USING fts5(
  title, author, text, content='readable', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='2');
INSERT INTO search (search, rank) VALUES ('automerge', 8);  -- less often; more in idle time

-- Full-text index of pairs of letters, for scripts without spaces. rowid is entry.id.
CREATE VIRTUAL TABLE bigram USING fts5(
  title, author, text, content='', tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* Co'");
