-- DropIndex
DROP INDEX "LedgerEntry_at_idx";

-- CreateIndex
CREATE INDEX "LedgerEntry_at_refKind_refId_kind_id_idx" ON "LedgerEntry"("at", "refKind", "refId", "kind", "id");

-- CreateIndex
CREATE INDEX "LedgerLine_entryId_account_currency_minor_idx" ON "LedgerLine"("entryId", "account", "currency", "minor");
