-- AlterTable
ALTER TABLE "PurchaseReceipt" ADD COLUMN "readText" TEXT;

-- CreateIndex
CREATE INDEX "Purchase_externalId_idx" ON "Purchase"("externalId");

-- CreateIndex
CREATE INDEX "PurchaseReceipt_sha256_idx" ON "PurchaseReceipt"("sha256");
