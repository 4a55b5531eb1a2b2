-- The store's SQL statements, and pieces of statements, by name (see sql.py). Values are passed in
-- parameters only. `chosen` is a temporary table of the connection, with the entries of an act.

-- name: feeds
SELECT f.id, f.url, coalesce(nullif(f.title, ''), nullif(f.publisher_title, ''), f.url) AS title,
  f.site, f.folder, f.full_text, coalesce(t.unread, 0) AS unread, coalesce(t.entries, 0) AS entries,
  coalesce(s.status, 'new') AS status, coalesce(s.error, '') AS error, s.last_ok, s.next_check,
  f.publisher_title, f.settings
FROM feed f LEFT JOIN tally t ON t.feed = f.id LEFT JOIN fetch s ON s.feed = f.id
WHERE f.removed_at IS NULL
  AND f.id BETWEEN ifnull(?1, -9e18) AND ifnull(?1, 9e18)  -- all, or the one with this id
ORDER BY f.folder, title COLLATE NOCASE, f.id

-- name: folders
SELECT DISTINCT folder FROM feed WHERE folder <> '' AND removed_at IS NULL
ORDER BY folder COLLATE NOCASE

-- name: due
SELECT f.id FROM feed f LEFT JOIN fetch s ON s.feed = f.id
WHERE f.removed_at IS NULL AND f.url <> '' AND coalesce(s.status, '') NOT IN ('gone', 'paused')
  AND (s.next_check IS NULL OR s.next_check <= ?1 OR s.next_check > ?1 + 8 * 86400)
ORDER BY coalesce(s.next_check, 0), f.id

-- name: same_url
SELECT id, url, coalesce(nullif(title, ''), url) FROM feed WHERE url = ? AND id <> ?

-- name: new_feed
INSERT INTO feed (url, added_at, removed_at) VALUES (?1, ?2, ?2) RETURNING id, removed_at

-- name: saved_pages
INSERT OR IGNORE INTO feed (url, title, full_text, added_at) VALUES ('', ?, 'always', ?)

-- name: rows
SELECT e.id, e.feed AS feed_id,
  coalesce(nullif(f.title, ''), nullif(f.publisher_title, ''), f.url) AS feed_title,
  shown_title(e.title, a.title, substr(c.text, 1, 200)) AS title, e.sort_at, e.published,
  e.first_seen, m.read_at IS NOT NULL AS is_read, m.bookmarked_at IS NOT NULL AS is_bookmarked,
  e.offline, e.words, e.author,
  (SELECT json_group_array(name)
    FROM (SELECT name FROM tag WHERE entry = e.id ORDER BY name)) AS tags
FROM json_each(?1) j CROSS JOIN entry e ON e.id = j.value
JOIN feed f ON f.id = e.feed JOIN content c ON c.entry = e.id
LEFT JOIN article a ON a.entry = e.id LEFT JOIN mark m ON m.entry = e.id ORDER BY j.key

-- name: entries
SELECT e.*, e.feed AS feed_id,
  coalesce(nullif(f.title, ''), nullif(f.publisher_title, ''), f.url) AS feed_title,
  c.summary, c.comments, c.enclosures, c.categories,
  CASE WHEN ?2 THEN c.html ELSE substr(c.html, 1, 1) END AS html,
  CASE WHEN ?2 THEN c.text ELSE substr(c.text, 1, 200) END AS text
FROM json_each(?1) j CROSS JOIN entry e ON e.id = j.value
JOIN feed f ON f.id = e.feed JOIN content c ON c.entry = e.id ORDER BY j.key

-- name: marks
SELECT j.value AS entry, m.read_at, m.bookmarked_at, coalesce(m.note, '') AS note,
  coalesce(m.place, 0.0) AS place,
  (SELECT json_group_array(name)
    FROM (SELECT name FROM tag WHERE entry = j.value ORDER BY name)) AS tags
FROM json_each(?) j LEFT JOIN mark m ON m.entry = j.value

-- name: articles
SELECT a.entry, a.title, a.byline, a.published, a.lead, a.language, a.site, a.lead_image, a.url,
  a.kind, a.next_page,
  a.extractor, a.rules, a.error, CASE WHEN ?2 THEN a.text ELSE substr(a.text, 1, 1) END AS text,
  CASE WHEN ?2 THEN a.html ELSE substr(a.html, 1, 1) END AS html,
  CASE WHEN ?2 THEN a.cuts ELSE '[]' END AS cuts
FROM json_each(?1) j JOIN article a ON a.entry = j.value

-- name: place
INSERT INTO mark (entry, place) VALUES (?1, ?2) ON CONFLICT (entry) DO UPDATE SET place = ?2

-- name: tags
SELECT name, count(*) FROM tag GROUP BY name ORDER BY name

-- name: offline
WITH wanted(id, is_read) AS (
  SELECT entry, 0 FROM unread
  UNION ALL SELECT entry, 1 FROM mark WHERE bookmarked_at IS NOT NULL AND read_at IS NOT NULL)
SELECT e.offline, count(*), sum(w.is_read) FROM wanted w
JOIN entry e ON e.id = w.id GROUP BY e.offline

-- name: unfetched
SELECT count(*) FROM entry e JOIN mark m ON m.entry = e.id
WHERE e.offline <> 'ready' AND e.offline = 'pending' AND e.hidden = 0
  AND m.read_at IS NOT NULL AND m.bookmarked_at IS NULL

-- name: missing
SELECT e.id, coalesce(a.error, '') AS reason
FROM entry e LEFT JOIN article a ON a.entry = e.id
WHERE e.offline IN ('failed', 'pending')
  AND (EXISTS (SELECT 1 FROM unread u WHERE u.sort_at = e.sort_at AND u.entry = e.id)
    OR EXISTS (SELECT 1 FROM mark m WHERE m.entry = e.id AND m.bookmarked_at IS NOT NULL))
ORDER BY e.offline, e.sort_at DESC, e.id DESC

-- name: wanted_articles
SELECT e.id AS entry_id, e.feed AS feed_id, e.url, e.title, f.url AS feed_url, f.full_text,
  coalesce(a.attempts, 0) AS attempts, c.html, c.text, f.settings
FROM entry e JOIN feed f ON f.id = e.feed JOIN content c ON c.entry = e.id
LEFT JOIN mark m ON m.entry = e.id LEFT JOIN article a ON a.entry = e.id
WHERE e.offline <> 'ready' AND e.url <> ''
  AND (e.text_state = 'pending' OR e.text_state IN ('failed', 'partial') AND a.tried_at < ?2)
  AND (e.id IN (SELECT value FROM json_each(?3)) OR ?3 IS NULL AND e.hidden = 0
    AND (m.bookmarked_at IS NOT NULL
      OR EXISTS (SELECT 1 FROM unread u WHERE u.sort_at = e.sort_at AND u.entry = e.id)))
ORDER BY m.bookmarked_at IS NOT NULL DESC, e.sort_at DESC, e.id DESC LIMIT ?1

-- name: outdated
SELECT entry FROM article WHERE text <> '' AND url <> '' AND rules <> ? ORDER BY entry DESC LIMIT ?

-- name: wanted_pictures
SELECT n.url, e.id AS entry_id, e.feed AS feed_id, f.url AS feed_url, e.url AS entry_url,
  coalesce(p.attempts, 0) AS attempts,
  f.settings
FROM entry e JOIN need n ON n.entry = e.id LEFT JOIN picture p ON p.url = n.url
JOIN feed f ON f.id = e.feed LEFT JOIN mark m ON m.entry = e.id
WHERE e.offline <> 'ready' AND (p.url IS NULL OR p.path = '' AND p.error <> '' AND p.tried_at < ?2)
  AND (e.id IN (SELECT value FROM json_each(?3)) OR ?3 IS NULL AND e.hidden = 0
    AND (m.bookmarked_at IS NOT NULL
      OR EXISTS (SELECT 1 FROM unread u WHERE u.sort_at = e.sort_at AND u.entry = e.id)))
ORDER BY m.bookmarked_at IS NOT NULL DESC, e.sort_at DESC, e.id DESC LIMIT ?1

-- name: journal
SELECT id, at, author, kind, count, detail, undone_at IS NOT NULL AS undone,
  (SELECT group_concat(value ->> 'ids') FROM json_each(changes)
    WHERE value ->> 'ids' <> '') AS entries
FROM journal WHERE ?1 IS NULL OR id = ?1 ORDER BY id DESC LIMIT ?2

-- name: undoable
SELECT id, changes FROM journal
WHERE undone_at IS NULL AND (id = ?1 OR ?1 IS NULL AND author = 'reader')
ORDER BY id DESC LIMIT 1

-- name: redoable
SELECT id, changes FROM journal WHERE can_redo = 1 ORDER BY id LIMIT 1

-- name: new_act
INSERT INTO journal (at, author, kind, count, detail, changes) VALUES (?, ?, ?, ?, ?, ?)

-- name: hide
UPDATE entry SET hidden = 1 - hidden WHERE id IN (
  SELECT e.id FROM chosen c CROSS JOIN entry e ON e.id = c.id JOIN feed f ON f.id = e.feed
  LEFT JOIN mark m ON m.entry = e.id
  WHERE e.hidden <> ((m.hidden_at IS NOT NULL OR f.removed_at IS NOT NULL)
    AND m.bookmarked_at IS NULL
    AND coalesce(m.note, '') = '' AND NOT EXISTS (SELECT 1 FROM tag WHERE entry = e.id)))

-- name: feeds_unread
SELECT feed FROM tally WHERE unread > 0

-- name: feeds_chosen
SELECT DISTINCT e.feed FROM chosen c CROSS JOIN entry e ON e.id = c.id

-- name: found_chosen
SELECT count(*) FROM json_each(?) r JOIN chosen c
ON c.id BETWEEN r.value ->> 0 AND r.value ->> 1

-- name: count_out
INSERT OR IGNORE INTO chosen WITH RECURSIVE span (n, last) AS (
  SELECT value ->> 0, value ->> 1 FROM json_each(?)
  UNION ALL SELECT n + 1, last FROM span WHERE n < last
) SELECT n FROM span

-- name: unlist_all
DELETE FROM unread

-- name: others_unread
SELECT 1 FROM unread WHERE entry NOT IN (SELECT id FROM chosen) LIMIT 1

-- name: unlist
DELETE FROM unread
WHERE (sort_at, entry) IN (SELECT e.sort_at, e.id FROM chosen c CROSS JOIN entry e ON e.id = c.id)

-- name: list
INSERT OR IGNORE INTO unread
SELECT e.sort_at, e.id, e.feed, CASE WHEN e.words THEN max(1, round(e.words / 230.0)) ELSE 0 END
FROM chosen c CROSS JOIN entry e ON e.id = c.id LEFT JOIN mark m ON m.entry = e.id
WHERE e.hidden = 0 AND m.read_at IS NULL ORDER BY e.sort_at, e.id

-- name: tally
INSERT OR REPLACE INTO tally SELECT ?1, (SELECT count(*) FROM entry WHERE feed = ?1 AND hidden = 0),
  count(*), coalesce(sum(minutes), 0) FROM unread WHERE feed = ?1

-- name: needs_met
UPDATE entry SET offline = CASE
  WHEN text_state = 'ready'
    AND NOT EXISTS (SELECT 1 FROM meta WHERE key = 'pictures' AND value = 'off')
    AND coalesce(
      (SELECT json_extract(settings, '$.pictures') FROM feed WHERE id = entry.feed), '') <> 'off'
    AND EXISTS (SELECT 1 FROM need n LEFT JOIN picture p ON p.url = n.url
      WHERE n.entry = entry.id AND coalesce(p.path = '' AND p.error <> '', 1))
  THEN 'partial' ELSE text_state END
WHERE id IN (SELECT id FROM chosen)

-- name: new_entry
INSERT INTO entry (id, feed, key, guid, title, url, author, published, updated, first_seen, sort_at,
    language, words,
  is_stub, text_state, offline, hash)
VALUES (:id, :feed, :key, :guid, :title, :url, :author, :published, :updated, :now, :sort_at,
    :language, :words,
  :is_stub, :text_state, :text_state, :hash)

-- name: changed_entry
UPDATE entry SET guid = :guid, title = :title, url = :url, author = :author, published = :published,
  updated = :updated,
  language = :language, is_stub = :is_stub, hash = :hash,
  words = CASE WHEN EXISTS (SELECT 1 FROM article WHERE entry = :id AND text <> '') THEN words
    ELSE :words END,
  text_state = CASE WHEN EXISTS (SELECT 1 FROM article WHERE entry = :id AND text <> '')
    THEN text_state ELSE :text_state END
WHERE id = :id

-- name: content
INSERT OR REPLACE INTO content VALUES (:id, :html, :text, :summary, :comments, :enclosures,
    :categories)

-- name: article
INSERT OR REPLACE INTO article VALUES (:entry, :title, :byline, :published, :lead, :text, :html,
    :language, :site,
  :lead_image, :url, :kind, :next_page, :extractor, :rules, :cuts, :error,
  coalesce(:tried_at, (SELECT tried_at FROM article WHERE entry = :entry)),
  coalesce((SELECT attempts FROM article WHERE entry = :entry), 0) + (:tried_at IS NOT NULL))

-- name: failed_again
INSERT INTO article (entry, error, url, kind, tried_at, attempts) VALUES (:entry, :error, :url,
    :kind, :tried_at, 1)
ON CONFLICT (entry) DO UPDATE SET error = excluded.error, tried_at = excluded.tried_at,
  attempts = attempts + 1

-- name: text_came
UPDATE entry SET words = ?, text_state = coalesce(?, text_state) WHERE id = ?

-- name: text_missing
UPDATE entry SET text_state = ?
WHERE id = ? AND NOT EXISTS (SELECT 1 FROM article a WHERE a.entry = entry.id AND a.text <> '')

-- name: picture
INSERT INTO picture VALUES (:url, :path, :format, :width, :height, :size, :error, :now, 1)
ON CONFLICT (url) DO UPDATE SET path = CASE WHEN excluded.path = '' THEN path
    ELSE excluded.path END, format = excluded.format,
  width = excluded.width, height = excluded.height, size = excluded.size, error = excluded.error,
  tried_at = excluded.tried_at, attempts = attempts + 1

-- name: fetch
INSERT OR REPLACE INTO fetch (feed, etag, last_modified, body_hash, refused_hash, status, error,
    errors, reached, last_checked, last_ok, last_full,
  next_check, ttl, moved_to, moved_seen)
VALUES (:feed, :etag, :last_modified, :body_hash, :refused_hash, :status, :error, :errors, :reached,
    :last_checked, :last_ok, :last_full,
  :next_check, :ttl, :moved_to, :moved_seen)

-- name: muted
AND e.id IN (SELECT id FROM chosen)
  AND e.id NOT IN (SELECT entry FROM mark WHERE bookmarked_at IS NOT NULL)

-- name: unknown
SELECT j.value ->> 0 FROM json_each(?2) j
WHERE NOT EXISTS (SELECT 1 FROM entry WHERE feed = ?1 AND key = j.value ->> 0)
  AND NOT EXISTS (SELECT 1 FROM tombstone WHERE feed = ?1 AND key = j.value ->> 0)
  AND NOT EXISTS (SELECT 1 FROM tombstone WHERE feed = ?1 AND likeness = j.value ->> 1)

-- name: known
SELECT key, id, hash FROM entry WHERE feed = ? AND key IN (SELECT value FROM json_each(?))

-- name: stored_lately
SELECT id, key, url, title FROM entry WHERE feed = ? ORDER BY id DESC LIMIT 5000

-- name: hashed_lately
SELECT e.id, e.key, e.title, e.url, e.published, c.html, c.text FROM entry e
JOIN content c ON c.entry = e.id
WHERE e.feed = ? AND e.key LIKE 'h:%' ORDER BY e.id DESC LIMIT 1000

-- name: sequence
INSERT INTO sqlite_sequence (name, seq) SELECT 'entry', 0
WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'entry')

-- name: reserve
UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'entry' RETURNING seq

-- name: first_sync
SELECT NOT EXISTS (SELECT 1 FROM fetch WHERE feed = ?1 AND last_full IS NOT NULL)

-- name: full_text
UPDATE entry SET text_state = CASE WHEN ?2 = 'always' AND url <> '' OR ?2 = 'auto' AND is_stub
    AND url <> ''
  THEN 'pending' ELSE 'ready' END
WHERE feed = ?1 AND id NOT IN (SELECT entry FROM article WHERE text <> '')

-- name: offline_as_text
UPDATE entry SET offline = text_state WHERE feed = ? AND offline <> text_state

-- name: age_out
INSERT OR IGNORE INTO chosen SELECT e.id FROM entry e JOIN mark m ON m.entry = e.id
WHERE m.read_at IS NOT NULL AND e.first_seen < ?1 AND e.id NOT IN (SELECT entry FROM kept)

-- name: over_count
INSERT OR IGNORE INTO chosen SELECT e.id FROM entry e JOIN mark m ON m.entry = e.id
WHERE m.read_at IS NOT NULL AND e.id NOT IN (SELECT entry FROM kept)
ORDER BY e.sort_at,
  e.id LIMIT max(0, (SELECT count(*) FROM entry) - (SELECT count(*) FROM chosen) - ?1)

-- name: over_keep
INSERT OR IGNORE INTO chosen SELECT k.id
FROM (SELECT e.id, e.feed,
    row_number() OVER (PARTITION BY e.feed ORDER BY e.sort_at DESC, e.id DESC) AS n
  FROM entry e WHERE e.feed IN (SELECT id FROM feed
    WHERE CAST(json_extract(settings, '$.keep') AS INTEGER) > 0)) k
JOIN feed f ON f.id = k.feed
WHERE n > CAST(json_extract(f.settings, '$.keep') AS INTEGER)
  AND k.id NOT IN (SELECT entry FROM kept)

-- name: of_removed
INSERT OR IGNORE INTO chosen SELECT e.id FROM entry e JOIN feed f ON f.id = e.feed
WHERE f.removed_at < ?1 AND e.id NOT IN (SELECT entry FROM kept)

-- name: heavy
SELECT e.id, length(a.html) + length(a.text) AS weight FROM article a JOIN entry e ON e.id = a.entry
WHERE a.text <> '' AND e.id NOT IN (SELECT entry FROM kept) ORDER BY e.sort_at, e.id

-- name: give_up
UPDATE article SET text = '', html = '', cuts = '[]', error = ?, tried_at = ? WHERE entry = ?

-- name: choose_needy
INSERT INTO chosen SELECT id FROM entry
WHERE offline <> text_state OR id IN (SELECT entry FROM need)

-- name: rebuild_hidden
UPDATE entry SET hidden = (EXISTS (SELECT 1 FROM mark m
      WHERE m.entry = entry.id AND m.hidden_at IS NOT NULL)
    OR feed IN (SELECT id FROM feed WHERE removed_at IS NOT NULL))
    AND id NOT IN (SELECT entry FROM kept)

-- name: rebuild_unread
INSERT INTO unread
SELECT e.sort_at, e.id, e.feed, CASE WHEN e.words THEN max(1, round(e.words / 230.0)) ELSE 0 END
FROM entry e LEFT JOIN mark m ON m.entry = e.id WHERE e.hidden = 0 AND m.read_at IS NULL

-- name: rebuild_tally
INSERT INTO tally SELECT f.id, (SELECT count(*) FROM entry e WHERE e.feed = f.id AND e.hidden = 0),
  (SELECT count(*) FROM unread u WHERE u.feed = f.id),
  (SELECT coalesce(sum(minutes), 0) FROM unread u WHERE u.feed = f.id) FROM feed f

-- name: check_lists
SELECT (SELECT count(*)
    FROM (SELECT entry FROM unread EXCEPT SELECT e.id FROM entry e
      LEFT JOIN mark m ON m.entry = e.id
      WHERE e.hidden = 0 AND m.read_at IS NULL))
  + (SELECT count(*) FROM (SELECT e.id FROM entry e LEFT JOIN mark m ON m.entry = e.id
      WHERE e.hidden = 0 AND m.read_at IS NULL EXCEPT SELECT entry FROM unread))
  + (SELECT count(*) FROM feed f LEFT JOIN tally t ON t.feed = f.id
      WHERE coalesce(t.unread, 0) <> (SELECT count(*) FROM unread u WHERE u.feed = f.id)
        OR coalesce(t.entries, 0) <> (SELECT count(*) FROM entry e
          WHERE e.feed = f.id AND e.hidden = 0)
        OR coalesce(t.minutes, 0) <> (SELECT coalesce(sum(minutes), 0) FROM unread u
          WHERE u.feed = f.id))
  + (SELECT count(*) FROM entry e JOIN feed f ON f.id = e.feed LEFT JOIN mark m ON m.entry = e.id
      WHERE e.hidden <> ((m.hidden_at IS NOT NULL OR f.removed_at IS NOT NULL)
        AND e.id NOT IN (SELECT entry FROM kept)))

-- name: readable
SELECT id, title, author, text FROM readable WHERE id IN (SELECT value FROM json_each(?))

-- name: index_words
INSERT INTO search (search, rowid, title, author, text) VALUES (?, ?, ?, ?, ?)

-- name: index_pairs
INSERT INTO bigram (bigram, rowid, title, author, text) VALUES (?, ?, ?, ?, ?)

-- name: check_index
SELECT count(*) FROM entry WHERE id NOT IN (SELECT id FROM search_docsize)

-- name: feed_row
SELECT * FROM feed WHERE id = ?1

-- Changes of the journal: from :was to :becomes, for the chosen entries or for :about.

-- name: mark.read_at
INSERT INTO mark (entry, read_at) SELECT id, :becomes FROM chosen WHERE 1
ON CONFLICT (entry) DO UPDATE SET read_at = :becomes WHERE read_at IS :was

-- name: mark.bookmarked_at
INSERT INTO mark (entry, bookmarked_at) SELECT id, :becomes FROM chosen WHERE 1
ON CONFLICT (entry) DO UPDATE SET bookmarked_at = :becomes WHERE bookmarked_at IS :was

-- name: mark.hidden_at
INSERT INTO mark (entry, hidden_at) SELECT id, :becomes FROM chosen WHERE 1
ON CONFLICT (entry) DO UPDATE SET hidden_at = :becomes WHERE hidden_at IS :was

-- name: mark.note
INSERT INTO mark (entry, note) SELECT id, :becomes FROM chosen WHERE 1
ON CONFLICT (entry) DO UPDATE SET note = :becomes WHERE note IS :was

-- name: tag
INSERT OR IGNORE INTO tag SELECT :becomes, id FROM chosen

-- name: no.tag
DELETE FROM tag WHERE name = :was AND entry IN (SELECT id FROM chosen)

-- name: entry.feed
UPDATE OR IGNORE entry SET feed = :becomes WHERE id IN (SELECT id FROM chosen) AND feed = :was

-- name: feed.url
UPDATE OR IGNORE feed SET url = :becomes WHERE id = :about AND url = :was

-- name: feed.title
UPDATE feed SET title = :becomes WHERE id = :about AND title = :was

-- name: feed.folder
UPDATE feed SET folder = :becomes WHERE id = :about AND folder = :was

-- name: feed.full_text
UPDATE feed SET full_text = :becomes WHERE id = :about AND full_text = :was

-- name: feed.site
UPDATE feed SET site = :becomes WHERE id = :about AND site = :was

-- name: feed.settings
UPDATE feed SET settings = :becomes WHERE id = :about AND settings = :was

-- name: feed.removed_at
UPDATE feed SET removed_at = :becomes WHERE id = :about AND removed_at IS :was

-- name: saved_search
INSERT INTO saved_search (name, query) VALUES (:about, :becomes)
ON CONFLICT (name) DO UPDATE SET query = :becomes

-- name: no.saved_search
DELETE FROM saved_search WHERE name = :about

-- name: mute_rule
INSERT INTO mute_rule (name, query, action) VALUES (:about, :becomes ->> 0, :becomes ->> 1)
ON CONFLICT (name) DO UPDATE SET query = excluded.query, action = excluded.action

-- name: no.mute_rule
DELETE FROM mute_rule WHERE name = :about

-- Marks of the chosen entries that differ from ?1; times are compared as NULL or not NULL.

-- name: now.read_at
SELECT c.id, m.read_at FROM chosen c CROSS JOIN entry e ON e.id = c.id
LEFT JOIN mark m ON m.entry = c.id
WHERE (m.read_at IS NULL) = (?1 IS NOT NULL)

-- name: now.bookmarked_at
SELECT c.id, m.bookmarked_at FROM chosen c CROSS JOIN entry e ON e.id = c.id
LEFT JOIN mark m ON m.entry = c.id
WHERE (m.bookmarked_at IS NULL) = (?1 IS NOT NULL)

-- name: now.hidden_at
SELECT c.id, m.hidden_at FROM chosen c CROSS JOIN entry e ON e.id = c.id
LEFT JOIN mark m ON m.entry = c.id
WHERE (m.hidden_at IS NULL) = (?1 IS NOT NULL)

-- name: now.saved_search
SELECT name, query FROM saved_search WHERE ?1 IN (id, name)

-- name: now.mute_rule
SELECT name, json_array(query, action) FROM mute_rule WHERE ?1 IN (id, name)

-- name: now.tagged
SELECT entry FROM tag WHERE name = ?1 AND entry IN (SELECT id FROM chosen)

-- name: now.untagged
SELECT c.id FROM chosen c CROSS JOIN entry e ON e.id = c.id
WHERE NOT EXISTS (SELECT 1 FROM tag WHERE name = ?1 AND entry = c.id)

-- The changes that merge feed ?2 into ?1: entries are moved; marks of entries in both are merged.

-- name: merge
WITH twin(old, new) AS (SELECT a.id, b.id FROM entry a JOIN entry b ON b.key = a.key AND b.feed = ?1
    WHERE a.feed = ?2)
SELECT 'entry.feed', ?2, ?1, id FROM entry WHERE feed = ?2 AND id NOT IN (SELECT old FROM twin)
UNION ALL SELECT 'mark.read_at', NULL, o.read_at, new FROM twin JOIN mark o ON o.entry = old
LEFT JOIN mark n ON n.entry = new
WHERE o.read_at IS NOT NULL AND n.read_at IS NULL
UNION ALL SELECT 'mark.bookmarked_at', NULL, o.bookmarked_at, new FROM twin
JOIN mark o ON o.entry = old LEFT JOIN mark n ON n.entry = new
WHERE o.bookmarked_at IS NOT NULL AND n.bookmarked_at IS NULL
UNION ALL SELECT 'mark.note', '', o.note, new FROM twin JOIN mark o ON o.entry = old
LEFT JOIN mark n ON n.entry = new
WHERE o.note <> '' AND coalesce(n.note, '') = ''
UNION ALL SELECT 'tag', NULL, t.name, new FROM twin JOIN tag t ON t.entry = old
WHERE NOT EXISTS (SELECT 1 FROM tag WHERE entry = new AND name = t.name)

-- name: now.note
SELECT c.id, coalesce(m.note, '') FROM chosen c CROSS JOIN entry e ON e.id = c.id
LEFT JOIN mark m ON m.entry = c.id
WHERE coalesce(m.note, '') <> ?1

-- name: describe
UPDATE feed SET publisher_title = coalesce(nullif(?1, ''), publisher_title),
  site = coalesce(nullif(site, ''), ?2)
WHERE id = ?3 AND (publisher_title <> ?1 OR site = '')

-- name: spare_kept
DELETE FROM chosen WHERE id IN (SELECT entry FROM kept)

-- name: spare_unread
DELETE FROM chosen
WHERE id IN (SELECT entry FROM kept) OR id NOT IN (SELECT entry FROM mark WHERE read_at IS NOT NULL)

-- name: drop_pictures
DELETE FROM picture WHERE url NOT IN (SELECT url FROM need) RETURNING path

-- name: drop_feeds
DELETE FROM feed
WHERE removed_at < ?1 AND NOT EXISTS (SELECT 1 FROM entry WHERE feed = feed.id) RETURNING id

-- name: read_entries
SELECT feed, key, url, title, id FROM entry JOIN mark m ON m.entry = id WHERE m.read_at IS NOT NULL

-- Pieces from which `scopes` composes a list. In all, `e` is the entry: id, sort_at, feed.

-- name: from.entry
entry e

-- name: from.unread
(SELECT sort_at, entry AS id, feed FROM unread) e

-- name: order.newest
ORDER BY e.sort_at DESC, e.id DESC

-- name: order.oldest
ORDER BY e.sort_at, e.id

-- name: order.feed
ORDER BY (SELECT coalesce(nullif(f.title, ''), nullif(f.publisher_title, ''), f.url) FROM feed f
    WHERE f.id = e.feed) COLLATE NOCASE,
  e.sort_at DESC, e.id DESC

-- name: order.title
ORDER BY (SELECT title FROM entry x WHERE x.id = e.id) COLLATE NOCASE, e.id

-- name: order.longest
ORDER BY (SELECT words FROM entry x WHERE x.id = e.id) DESC, e.id DESC

-- name: order.shortest
ORDER BY (SELECT words FROM entry x WHERE x.id = e.id), e.id

-- name: ranked
SELECT e.id FROM (SELECT rowid AS id, bm25(search, 8, 4, 1) AS rank FROM search WHERE search MATCH ?
  ORDER BY rowid DESC LIMIT 5000) r CROSS JOIN

-- name: order.rank
ORDER BY r.rank, e.id DESC

-- name: is.unread
EXISTS (SELECT 1 FROM unread u WHERE u.sort_at = e.sort_at AND u.entry = e.id)

-- name: is.read
NOT EXISTS (SELECT 1 FROM unread u WHERE u.sort_at = e.sort_at AND u.entry = e.id)

-- name: is.bookmarked
e.id IN (SELECT entry FROM mark WHERE bookmarked_at IS NOT NULL)

-- name: is.noted
e.id IN (SELECT entry FROM mark WHERE note <> '')

-- name: is.tagged
e.id IN (SELECT entry FROM tag)

-- name: is.offline
(SELECT offline FROM entry x WHERE x.id = e.id) IN ('ready', 'partial')

-- name: is.failed
(SELECT offline FROM entry x WHERE x.id = e.id) = 'failed'

-- name: is.pending
(SELECT offline FROM entry x WHERE x.id = e.id) = 'pending'

-- The unary plus makes SQLite use the index of the order: a first screen sorts no whole folder.

-- name: fact.folder
+e.feed IN (SELECT id FROM feed WHERE folder = ? COLLATE NOCASE OR folder LIKE ? ESCAPE '\')

-- name: fact.feed
+e.feed IN (SELECT id FROM feed WHERE ? IN (CAST(id AS TEXT), url)
  OR coalesce(nullif(title, ''), nullif(publisher_title, ''), url) LIKE ? ESCAPE '\')

-- name: fact.tag
e.id IN (SELECT entry FROM tag WHERE name = ? COLLATE NOCASE)

-- name: fact.after
e.sort_at >= ?

-- name: fact.before
e.sort_at < ?

-- name: fact.number
e.feed = ?

-- name: fact.pack
e.id IN (SELECT value FROM json_each('[' || ? || ']'))

-- name: hits
SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH ? LIMIT ?)

-- name: found
e.id IN (SELECT rowid FROM search WHERE search MATCH ?)

-- name: walked
+e.id IN (SELECT rowid FROM search WHERE search MATCH ?)

-- name: asked
EXISTS (SELECT 1 FROM search WHERE search MATCH ? AND rowid = e.id)

-- name: found_pairs
e.id IN (SELECT rowid FROM bigram WHERE bigram MATCH ?)

-- name: in_title
(SELECT title FROM entry x WHERE x.id = e.id) LIKE ? ESCAPE '\'
