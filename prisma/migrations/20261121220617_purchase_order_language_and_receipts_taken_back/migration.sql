-- AlterTable
ALTER TABLE "PurchaseOrderReceipt" ADD COLUMN "takenBackAt" BIGINT;
ALTER TABLE "PurchaseOrderReceipt" ADD COLUMN "takenBackBy" TEXT;

-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_PurchaseOrder" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "number" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "supplierKey" TEXT NOT NULL,
    "supplier" TEXT NOT NULL,
    "contact" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "language" TEXT NOT NULL DEFAULT 'en',
    "note" TEXT NOT NULL,
    "reference" TEXT,
    "by" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL,
    "sentAt" BIGINT,
    "expectedAt" BIGINT,
    "endedAt" BIGINT,
    "version" INTEGER NOT NULL DEFAULT 1
);
INSERT INTO "new_PurchaseOrder" ("by", "contact", "createdAt", "currency", "endedAt", "expectedAt", "id", "note", "number", "reference", "sentAt", "state", "supplier", "supplierKey", "updatedAt", "version") SELECT "by", "contact", "createdAt", "currency", "endedAt", "expectedAt", "id", "note", "number", "reference", "sentAt", "state", "supplier", "supplierKey", "updatedAt", "version" FROM "PurchaseOrder";
DROP TABLE "PurchaseOrder";
ALTER TABLE "new_PurchaseOrder" RENAME TO "PurchaseOrder";
CREATE UNIQUE INDEX "PurchaseOrder_number_key" ON "PurchaseOrder"("number");
CREATE INDEX "PurchaseOrder_state_id_idx" ON "PurchaseOrder"("state", "id");
CREATE INDEX "PurchaseOrder_supplierKey_id_idx" ON "PurchaseOrder"("supplierKey", "id");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;
