-- What sqlite asks of an engine: a large switch, files with a journal, 64-bit arithmetic, doubles, LIKE, FTS, JSON.
CREATE TABLE t(a INTEGER PRIMARY KEY, b INT, c TEXT);
WITH RECURSIVE n(x) AS (VALUES(1) UNION ALL SELECT x + 1 FROM n WHERE x < 20000)
  INSERT INTO t SELECT x, x * x % 977, printf('row %d %.3f', x, sqrt(x)) FROM n;
CREATE INDEX tb ON t(b);
SELECT count(*), sum(b), avg(a), max(c), total(a * 1.5) FROM t WHERE b BETWEEN 100 AND 300;
SELECT group_concat(b) FROM (SELECT DISTINCT b FROM t ORDER BY b DESC LIMIT 10);
BEGIN; DELETE FROM t WHERE a % 3 = 0; SAVEPOINT s; UPDATE t SET b = -b; ROLLBACK TO s; COMMIT;
SELECT count(*), sum(b) FROM t;
SELECT b, count(*) OVER (PARTITION BY b % 10 ORDER BY a ROWS 3 PRECEDING) w FROM t ORDER BY w DESC, a LIMIT 3;
CREATE VIRTUAL TABLE f USING fts5(x);
INSERT INTO f SELECT c FROM t WHERE a < 3000;
SELECT count(*), min(rowid) FROM f WHERE f MATCH '1* AND row';
SELECT json_extract('{"a":[1,2,{"b":3.25}]}', '$.a[2].b'), quote(x'00ff'), 9223372036854775807 + 0, 1e308 * 10;
CREATE VIRTUAL TABLE r USING rtree(id, x0, x1);
INSERT INTO r SELECT a, a, a + 5 FROM t WHERE a < 2000;
SELECT count(*) FROM r WHERE x1 >= 100 AND x0 <= 200;
PRAGMA integrity_check;
VACUUM;
SELECT count(*) FROM sqlite_schema;
.mode box
SELECT a, c FROM t ORDER BY length(c) DESC, a LIMIT 2;
SELECT nothing FROM t;
