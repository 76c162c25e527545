-- CreateTable
CREATE TABLE "PriceList" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "supplier" TEXT NOT NULL,
    "supplierKey" TEXT NOT NULL,
    "sourceId" TEXT,
    "name" TEXT NOT NULL,
    "file" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "sha256" TEXT NOT NULL,
    "layout" TEXT NOT NULL,
    "layoutFrom" TEXT NOT NULL,
    "missing" TEXT NOT NULL,
    "stage" TEXT NOT NULL,
    "error" TEXT,
    "results" TEXT,
    "counts" TEXT,
    "previousId" TEXT,
    "most" INTEGER,
    "done" INTEGER NOT NULL DEFAULT 0,
    "turn" INTEGER NOT NULL DEFAULT 0,
    "createdAt" BIGINT NOT NULL,
    "passedAt" BIGINT,
    "endedAt" BIGINT
);

-- CreateTable
CREATE TABLE "SupplierLayout" (
    "supplierKey" TEXT NOT NULL,
    "headersKey" TEXT NOT NULL,
    "supplier" TEXT NOT NULL,
    "layout" TEXT NOT NULL,
    "updatedAt" BIGINT NOT NULL,

    PRIMARY KEY ("supplierKey", "headersKey")
);

-- CreateIndex
CREATE INDEX "PriceList_createdAt_id_idx" ON "PriceList"("createdAt", "id");

-- CreateIndex
CREATE INDEX "PriceList_supplierKey_passedAt_idx" ON "PriceList"("supplierKey", "passedAt");

-- CreateIndex
CREATE INDEX "SupplierLayout_headersKey_idx" ON "SupplierLayout"("headersKey");
