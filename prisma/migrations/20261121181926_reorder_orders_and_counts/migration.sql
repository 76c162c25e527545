-- CreateTable
CREATE TABLE "StockCount" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "state" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "location" TEXT,
    "condition" TEXT,
    "by" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "bookedAt" BIGINT,
    "undoneAt" BIGINT,
    "version" INTEGER NOT NULL DEFAULT 1
);

-- CreateTable
CREATE TABLE "StockCountLine" (
    "countId" TEXT NOT NULL,
    "lotId" TEXT NOT NULL,
    "expected" INTEGER NOT NULL,
    "counted" INTEGER,
    "reason" TEXT,
    "countedAt" BIGINT,
    "difference" INTEGER,
    "costMinor" BIGINT,

    PRIMARY KEY ("countId", "lotId"),
    CONSTRAINT "StockCountLine_countId_fkey" FOREIGN KEY ("countId") REFERENCES "StockCount" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "ReorderTerm" (
    "productId" TEXT NOT NULL PRIMARY KEY,
    "supplier" TEXT,
    "caseUnits" INTEGER,
    "leastUnits" INTEGER,
    "leadDays" INTEGER,
    "serviceBp" INTEGER,
    "unitMinor" BIGINT,
    "currency" TEXT,
    "updatedAt" BIGINT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1
);

-- CreateTable
CREATE TABLE "PurchaseOrder" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "number" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "supplierKey" TEXT NOT NULL,
    "supplier" TEXT NOT NULL,
    "contact" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
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

-- CreateTable
CREATE TABLE "PurchaseOrderLine" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "orderId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "productId" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "supplierCode" TEXT,
    "condition" TEXT NOT NULL,
    "units" INTEGER NOT NULL,
    "unitMinor" BIGINT NOT NULL,
    "good" INTEGER NOT NULL DEFAULT 0,
    "damaged" INTEGER NOT NULL DEFAULT 0,
    "why" TEXT,
    CONSTRAINT "PurchaseOrderLine_orderId_fkey" FOREIGN KEY ("orderId") REFERENCES "PurchaseOrder" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "PurchaseOrderReceipt" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "orderId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "goodsMinor" BIGINT NOT NULL,
    "extraMinor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "homeMinor" BIGINT NOT NULL,
    "rate" TEXT,
    "location" TEXT NOT NULL,
    "notes" TEXT NOT NULL,
    "lines" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    CONSTRAINT "PurchaseOrderReceipt_orderId_fkey" FOREIGN KEY ("orderId") REFERENCES "PurchaseOrder" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "PurchaseOrderPayment" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "orderId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "minor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "homeMinor" BIGINT NOT NULL,
    "note" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    CONSTRAINT "PurchaseOrderPayment_orderId_fkey" FOREIGN KEY ("orderId") REFERENCES "PurchaseOrder" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "PurchaseOrderFile" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "orderId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "mediaType" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    CONSTRAINT "PurchaseOrderFile_orderId_fkey" FOREIGN KEY ("orderId") REFERENCES "PurchaseOrder" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "PurchaseOrderEvent" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "orderId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    CONSTRAINT "PurchaseOrderEvent_orderId_fkey" FOREIGN KEY ("orderId") REFERENCES "PurchaseOrder" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "StockCount_state_id_idx" ON "StockCount"("state", "id");

-- CreateIndex
CREATE INDEX "StockCountLine_lotId_idx" ON "StockCountLine"("lotId");

-- CreateIndex
CREATE UNIQUE INDEX "PurchaseOrder_number_key" ON "PurchaseOrder"("number");

-- CreateIndex
CREATE INDEX "PurchaseOrder_state_id_idx" ON "PurchaseOrder"("state", "id");

-- CreateIndex
CREATE INDEX "PurchaseOrder_supplierKey_id_idx" ON "PurchaseOrder"("supplierKey", "id");

-- CreateIndex
CREATE INDEX "PurchaseOrderLine_productId_idx" ON "PurchaseOrderLine"("productId");

-- CreateIndex
CREATE UNIQUE INDEX "PurchaseOrderLine_orderId_number_key" ON "PurchaseOrderLine"("orderId", "number");

-- CreateIndex
CREATE UNIQUE INDEX "PurchaseOrderReceipt_key_key" ON "PurchaseOrderReceipt"("key");

-- CreateIndex
CREATE INDEX "PurchaseOrderReceipt_orderId_at_idx" ON "PurchaseOrderReceipt"("orderId", "at");

-- CreateIndex
CREATE UNIQUE INDEX "PurchaseOrderPayment_key_key" ON "PurchaseOrderPayment"("key");

-- CreateIndex
CREATE INDEX "PurchaseOrderPayment_orderId_at_idx" ON "PurchaseOrderPayment"("orderId", "at");

-- CreateIndex
CREATE UNIQUE INDEX "PurchaseOrderFile_orderId_mediaType_key" ON "PurchaseOrderFile"("orderId", "mediaType");

-- CreateIndex
CREATE INDEX "PurchaseOrderEvent_orderId_id_idx" ON "PurchaseOrderEvent"("orderId", "id");

-- CreateIndex
CREATE INDEX "OrderLine_lotId_idx" ON "OrderLine"("lotId");

-- CreateIndex
CREATE INDEX "StockLot_productId_idx" ON "StockLot"("productId");

-- CreateIndex
CREATE INDEX "StockLot_location_condition_idx" ON "StockLot"("location", "condition");

-- CreateIndex
CREATE INDEX "StockMovement_kind_at_idx" ON "StockMovement"("kind", "at");
