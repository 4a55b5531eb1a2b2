-- The store of bacatui, schema 1. docs/store.md is made from this file.
-- Times are whole seconds since 1970 in UTC; NULL is unknown. Texts are plain and have passed the text gate.
-- What a publisher wrote (feed, fetch, entry, content, article, picture) and what the reader did (mark, tag,
-- journal, saved_search, mute_rule) never share a table. `unread` and `tally` are derived and can be rebuilt
-- (`bacatui doctor`), as can both indexes.

-- A subscription. A removed one stays, with its entries hidden, until it is purged.
CREATE TABLE feed (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  url TEXT NOT NULL UNIQUE,                    -- what the reader subscribed to; '' for the saved pages
  title TEXT NOT NULL DEFAULT '',              -- the reader's own title, or ''
  publisher_title TEXT NOT NULL DEFAULT '',
  site TEXT NOT NULL DEFAULT '',               -- address of the web site
  folder TEXT NOT NULL DEFAULT '',             -- folders inside folders are written 'News/Local'
  full_text TEXT NOT NULL DEFAULT 'auto',      -- whether pages are fetched: auto (stubs), always, never
  settings TEXT NOT NULL DEFAULT '{}',         -- JSON object: pictures (on, off), interval (minutes), keep (entries), headers, auth
  added_at INTEGER NOT NULL,
  removed_at INTEGER                           -- unsubscribed since
) STRICT;

-- What is known about asking a feed: see docs on the polite client.
CREATE TABLE fetch (
  feed INTEGER PRIMARY KEY,                    -- feed.id
  etag TEXT NOT NULL DEFAULT '',               -- verbatim
  last_modified TEXT NOT NULL DEFAULT '',      -- verbatim
  body_hash TEXT NOT NULL DEFAULT '',          -- of the last body that was stored
  refused_hash TEXT NOT NULL DEFAULT '',       -- of the last body that was no feed: it is not parsed again
  status TEXT NOT NULL DEFAULT 'new',          -- new, ok, failing, gone, waiting, paused
  error TEXT NOT NULL DEFAULT '',              -- one sentence, while failing
  errors INTEGER NOT NULL DEFAULT 0,           -- failures in a row
  reached INTEGER NOT NULL DEFAULT 1,          -- the last failure was the host's own: it is left in peace until next_check
  last_checked INTEGER,
  last_ok INTEGER,                             -- last 200 that was stored, or 304
  last_full INTEGER,                           -- last 200 that was stored
  next_check INTEGER,
  ttl INTEGER,                                 -- seconds between polls that publisher and server ask for
  moved_to TEXT NOT NULL DEFAULT '',           -- target of a permanent redirect
  moved_seen INTEGER NOT NULL DEFAULT 0        -- how often it was seen in a row
) STRICT;

-- How long a host asked to be left alone (Retry-After).
CREATE TABLE host (
  name TEXT PRIMARY KEY,
  wait_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- An item of a feed, as its publisher wrote it; replaced whole, never edited. `id` is never used twice.
CREATE TABLE entry (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  feed INTEGER NOT NULL,                       -- feed.id
  key TEXT NOT NULL,                           -- g:guid, l:link or h:hash: what makes it the same entry next time
  guid TEXT NOT NULL DEFAULT '',
  title TEXT NOT NULL,
  url TEXT NOT NULL DEFAULT '',
  author TEXT NOT NULL DEFAULT '',
  published INTEGER,
  updated INTEGER,
  first_seen INTEGER NOT NULL,                 -- by us
  sort_at INTEGER NOT NULL,                    -- published, never later than first seen; late arrivals: first seen
  language TEXT NOT NULL DEFAULT '',
  words INTEGER NOT NULL DEFAULT 0,            -- of the readable text
  is_stub INTEGER NOT NULL DEFAULT 0,          -- the feed's text is too little to be the article
  text_state TEXT NOT NULL DEFAULT 'ready',    -- of the text alone: pending, ready, partial, failed
  offline TEXT NOT NULL DEFAULT 'ready',       -- of text and pictures (derived)
  hidden INTEGER NOT NULL DEFAULT 0,           -- muted, or of a removed feed, and not kept (derived)
  hash BLOB NOT NULL,                          -- of all that the publisher wrote: unchanged entries cost no write
  UNIQUE (feed, key)
) STRICT;
CREATE INDEX entry_latest ON entry (sort_at, id, feed, hidden) WHERE hidden = 0;  -- covers, so that a list never touches the table
CREATE INDEX entry_of_feed ON entry (feed, sort_at, id, hidden) WHERE hidden = 0;
CREATE INDEX entry_missing ON entry (offline, sort_at, id) WHERE offline <> 'ready';

-- The feed's own text of an entry, apart from `entry` so that lists stay small.
CREATE TABLE content (
  entry INTEGER PRIMARY KEY,                   -- entry.id
  html TEXT NOT NULL DEFAULT '',               -- clean minimal HTML, well-formed
  text TEXT NOT NULL DEFAULT '',               -- the same as plain text
  summary TEXT NOT NULL DEFAULT '',
  comments TEXT NOT NULL DEFAULT '',           -- URL
  enclosures TEXT NOT NULL DEFAULT '[]',       -- JSON list of {url, type, length, title}
  categories TEXT NOT NULL DEFAULT '[]'        -- JSON list of the publisher's categories
) STRICT;

-- The cleaned text of an entry's web page, or why it could not be had.
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
  url TEXT NOT NULL DEFAULT '',                -- where it was found in the end
  kind TEXT NOT NULL DEFAULT 'article',        -- article, gallery, live, paywall, feed, none
  next_page TEXT NOT NULL DEFAULT '',
  extractor TEXT NOT NULL DEFAULT '',          -- whose judgement carried
  rules TEXT NOT NULL DEFAULT '',              -- version of the boilerplate rules
  cuts TEXT NOT NULL DEFAULT '[]',             -- JSON list of [position, html, by, where]: what cleaning took out
  error TEXT NOT NULL DEFAULT '',              -- why the text is missing, one sentence
  tried_at INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0
) STRICT;

-- A picture's file in the cache folder, named by its content; '' where it could not be had.
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

-- Entries that were purged: when a feed brings them again they are not new.
CREATE TABLE tombstone (
  feed INTEGER NOT NULL,
  key TEXT NOT NULL,                           -- entry.key
  likeness INTEGER NOT NULL,                   -- hash of link and title, for feeds that change all their ids
  entry INTEGER NOT NULL,                      -- the entry.id that it had
  PRIMARY KEY (feed, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX tombstone_likeness ON tombstone (feed, likeness);

-- What the reader did with an entry. No foreign key: marks outlive the entry, and sync may not write here.
CREATE TABLE mark (
  entry INTEGER PRIMARY KEY,                   -- entry.id
  read_at INTEGER,
  bookmarked_at INTEGER,
  hidden_at INTEGER,                           -- muted
  note TEXT NOT NULL DEFAULT '',
  place REAL NOT NULL DEFAULT 0                -- how far the article was read
) STRICT;
CREATE INDEX mark_bookmarked ON mark (bookmarked_at) WHERE bookmarked_at IS NOT NULL;
CREATE INDEX mark_noted ON mark (entry) WHERE note <> '';

CREATE TABLE tag (
  name TEXT NOT NULL,
  entry INTEGER NOT NULL,                      -- entry.id
  PRIMARY KEY (name, entry)
) STRICT, WITHOUT ROWID;
CREATE INDEX tag_of_entry ON tag (entry);

-- Every change to what the reader owns: who did it, and what reverses it. Undo and redo walk along it.
CREATE TABLE journal (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  author TEXT NOT NULL,                        -- reader, sync, import, rule:NAME
  kind TEXT NOT NULL,                          -- read, unread, bookmark, unbookmark, tags, note, hide, feed ...
  count INTEGER NOT NULL,
  detail TEXT NOT NULL DEFAULT '',
  undone_at INTEGER,
  can_redo INTEGER NOT NULL DEFAULT 0,         -- undone, and the reader has done nothing new since
  changes TEXT NOT NULL                        -- JSON list of {what, from, to, ids: '1-5,9', about: a feed or a name}
) STRICT;
CREATE INDEX journal_redo ON journal (id) WHERE can_redo = 1;

CREATE TABLE saved_search (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  query TEXT NOT NULL
) STRICT;

-- A query that marks as read, or hides, what arrives. Bookmarks are never touched.
CREATE TABLE mute_rule (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  query TEXT NOT NULL,
  action TEXT NOT NULL                         -- read, hide
) STRICT;

-- Small facts and the state of the screen.
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Derived: what is unread and visible, in the order of the list.
CREATE TABLE unread (
  sort_at INTEGER NOT NULL,
  entry INTEGER NOT NULL,                      -- entry.id
  feed INTEGER NOT NULL,
  minutes INTEGER NOT NULL,                    -- reading time
  PRIMARY KEY (sort_at, entry)
) STRICT, WITHOUT ROWID;
CREATE INDEX unread_of_feed ON unread (feed, sort_at, entry, minutes);

-- Derived: counts of each feed.
CREATE TABLE tally (
  feed INTEGER PRIMARY KEY,                    -- feed.id
  entries INTEGER NOT NULL,                    -- visible ones
  unread INTEGER NOT NULL,
  minutes INTEGER NOT NULL                     -- reading time of the unread
) STRICT;

-- What is shown of an entry and searched: the article's text, else the feed's.
CREATE VIEW readable AS
  SELECT e.id, e.title, e.author, coalesce(nullif(a.text, ''), c.text) AS text
  FROM entry e JOIN content c ON c.entry = e.id LEFT JOIN article a ON a.entry = e.id;

-- Entries that no retention takes: bookmarked, noted or tagged.
CREATE VIEW kept AS
  SELECT entry FROM mark WHERE bookmarked_at IS NOT NULL
  UNION SELECT entry FROM mark WHERE note <> ''
  UNION SELECT entry FROM tag;

-- The list as a person would like to see it in Datasette or sqlite3.
CREATE VIEW latest AS
  SELECT e.id, datetime(e.sort_at, 'unixepoch') AS at, coalesce(nullif(f.title, ''), f.publisher_title) AS feed, e.title, e.url,
    e.author, m.read_at IS NOT NULL AS is_read, m.bookmarked_at IS NOT NULL AS is_bookmarked, e.offline, r.text
  FROM entry e JOIN feed f ON f.id = e.feed JOIN readable r ON r.id = e.id LEFT JOIN mark m ON m.entry = e.id
  WHERE e.hidden = 0 ORDER BY e.sort_at DESC, e.id DESC;

-- Full text, filled by the writer in the transaction that changes the text; accents folded.
CREATE VIRTUAL TABLE search USING fts5(
  title, author, text, content='readable', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='2');
INSERT INTO search (search, rank) VALUES ('automerge', 8);  -- half the merging while much comes; idle time does the rest

-- Pairs of letters of scripts that are written without spaces, so that two characters find; rowid is entry.id.
CREATE VIRTUAL TABLE bigram USING fts5(
  title, author, text, content='', tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* Co'");
