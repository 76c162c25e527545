-- AlterTable
ALTER TABLE "Purchase" ADD COLUMN "expectedBy" BIGINT;
ALTER TABLE "Purchase" ADD COLUMN "returnFrom" TEXT;
ALTER TABLE "Purchase" ADD COLUMN "returnUntil" BIGINT;

-- CreateTable
CREATE TABLE "PurchaseArrival" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "purchaseId" TEXT NOT NULL,
    "good" INTEGER NOT NULL,
    "damaged" INTEGER NOT NULL,
    "wrong" INTEGER NOT NULL,
    "notes" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    CONSTRAINT "PurchaseArrival_purchaseId_fkey" FOREIGN KEY ("purchaseId") REFERENCES "Purchase" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "PurchaseReceipt" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "purchaseId" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "mediaType" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "says" TEXT,
    "by" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    CONSTRAINT "PurchaseReceipt_purchaseId_fkey" FOREIGN KEY ("purchaseId") REFERENCES "Purchase" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "PurchaseArrival_purchaseId_at_idx" ON "PurchaseArrival"("purchaseId", "at");

-- CreateIndex
CREATE INDEX "PurchaseReceipt_purchaseId_at_idx" ON "PurchaseReceipt"("purchaseId", "at");

-- CreateIndex
CREATE INDEX "Purchase_sourceId_createdAt_idx" ON "Purchase"("sourceId", "createdAt");

-- CreateIndex
CREATE INDEX "Purchase_returnUntil_idx" ON "Purchase"("returnUntil");
