BEGIN TRANSACTION;
CREATE TABLE exchanges (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at INTEGER NOT NULL,
            delete_at INTEGER NOT NULL,
            channel TEXT NOT NULL,
            question TEXT NOT NULL,
            kind TEXT NOT NULL,
            urgency TEXT,
            flags TEXT NOT NULL,
            passage_ids TEXT NOT NULL,
            answer TEXT NOT NULL
        ) STRICT;
INSERT INTO "exchanges" VALUES(1,1790000000,1792592000,'page','wat helpt tegen “nekpijn”?','answered',NULL,'[]','["aa", "bb"]','Warmte helpt. [1]');
INSERT INTO "exchanges" VALUES(2,1790000100,1792592100,'stream','Ik ben [naam], pijn op mijn borst','urgent','112','["hart"]','[]','Bel nu 112');
CREATE TABLE feedback (
            id INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            helpful INTEGER NOT NULL,
            reason TEXT NOT NULL,
            kind TEXT NOT NULL,
            urgency TEXT,
            passage_ids TEXT NOT NULL
        ) STRICT;
INSERT INTO "feedback" VALUES(1,1790000000,1,'','answered',NULL,'["aa", "bb"]');
INSERT INTO "feedback" VALUES(2,1790000300,0,'unclear','answered','huisarts','["cc"]');
CREATE TABLE schema_versions (version INTEGER PRIMARY KEY, applied_at TEXT NOT NULL) STRICT;
INSERT INTO "schema_versions" VALUES(1,'2026-11-25 15:13:55');
CREATE INDEX feedback_at ON feedback (at);
CREATE INDEX exchanges_at ON exchanges (at);
CREATE INDEX exchanges_delete_at ON exchanges (delete_at);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('exchanges',3);
COMMIT;
