-- Search as you type: trigrams of title and brand. The text itself stays in "Opportunity"; the triggers keep the two in step.
-- A later migration that rebuilds "Opportunity" drops these triggers and may renumber its rows: it has to create them again and end with
-- INSERT INTO opportunity_search(opportunity_search) VALUES ('rebuild').
CREATE VIRTUAL TABLE "opportunity_search" USING fts5("title", "brand", content='Opportunity', content_rowid='rowid', tokenize='trigram');

CREATE TRIGGER "opportunity_search_insert" AFTER INSERT ON "Opportunity" BEGIN
    INSERT INTO "opportunity_search"("rowid", "title", "brand") VALUES (NEW."rowid", NEW."title", NEW."brand");
END;

CREATE TRIGGER "opportunity_search_delete" AFTER DELETE ON "Opportunity" BEGIN
    INSERT INTO "opportunity_search"("opportunity_search", "rowid", "title", "brand") VALUES ('delete', OLD."rowid", OLD."title", OLD."brand");
END;

CREATE TRIGGER "opportunity_search_update" AFTER UPDATE OF "title", "brand" ON "Opportunity"
WHEN OLD."title" IS NOT NEW."title" OR OLD."brand" IS NOT NEW."brand" BEGIN
    INSERT INTO "opportunity_search"("opportunity_search", "rowid", "title", "brand") VALUES ('delete', OLD."rowid", OLD."title", OLD."brand");
    INSERT INTO "opportunity_search"("rowid", "title", "brand") VALUES (NEW."rowid", NEW."title", NEW."brand");
END;

-- The ledger is append-only: a mistake is corrected by another entry.
CREATE TRIGGER "ledger_entry_no_update" BEFORE UPDATE ON "LedgerEntry" BEGIN SELECT RAISE(ABORT, 'ledger entries are append-only'); END;
CREATE TRIGGER "ledger_entry_no_delete" BEFORE DELETE ON "LedgerEntry" BEGIN SELECT RAISE(ABORT, 'ledger entries are append-only'); END;
CREATE TRIGGER "ledger_line_no_update" BEFORE UPDATE ON "LedgerLine" BEGIN SELECT RAISE(ABORT, 'ledger lines are append-only'); END;
CREATE TRIGGER "ledger_line_no_delete" BEFORE DELETE ON "LedgerLine" BEGIN SELECT RAISE(ABORT, 'ledger lines are append-only'); END;

-- Nobody can send what is not on the shelf.
CREATE TRIGGER "stock_on_hand_insert" BEFORE INSERT ON "StockLot" WHEN NEW."onHand" < 0 BEGIN SELECT RAISE(ABORT, 'stock on hand cannot fall below zero'); END;
CREATE TRIGGER "stock_on_hand_update" BEFORE UPDATE OF "onHand" ON "StockLot" WHEN NEW."onHand" < 0 BEGIN SELECT RAISE(ABORT, 'stock on hand cannot fall below zero'); END;
