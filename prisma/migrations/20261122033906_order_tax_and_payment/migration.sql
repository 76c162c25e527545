-- AlterTable
ALTER TABLE "PayoutLine" ADD COLUMN "orderId" TEXT;

-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_Order" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "channel" TEXT NOT NULL,
    "externalId" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "buyerName" TEXT,
    "buyerWords" TEXT,
    "currency" TEXT NOT NULL,
    "totalMinor" BIGINT NOT NULL,
    "feesMinor" BIGINT NOT NULL,
    "taxMinor" BIGINT NOT NULL DEFAULT 0,
    "paymentRef" TEXT,
    "placedAt" BIGINT NOT NULL,
    "modifiedAt" BIGINT NOT NULL,
    "shippedAt" BIGINT,
    "tracking" TEXT,
    "raw" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1
);
INSERT INTO "new_Order" ("buyerName", "buyerWords", "channel", "currency", "externalId", "feesMinor", "id", "modifiedAt", "placedAt", "raw", "shippedAt", "state", "totalMinor", "tracking", "version") SELECT "buyerName", "buyerWords", "channel", "currency", "externalId", "feesMinor", "id", "modifiedAt", "placedAt", "raw", "shippedAt", "state", "totalMinor", "tracking", "version" FROM "Order";
DROP TABLE "Order";
ALTER TABLE "new_Order" RENAME TO "Order";
CREATE INDEX "Order_placedAt_idx" ON "Order"("placedAt");
CREATE INDEX "Order_state_idx" ON "Order"("state");
CREATE INDEX "Order_paymentRef_idx" ON "Order"("paymentRef");
CREATE UNIQUE INDEX "Order_channel_externalId_key" ON "Order"("channel", "externalId");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;
