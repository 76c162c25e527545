-- DropIndex
DROP INDEX "LedgerLine_account_currency_idx";

-- CreateIndex
CREATE INDEX "LedgerLine_account_currency_minor_idx" ON "LedgerLine"("account", "currency", "minor");
