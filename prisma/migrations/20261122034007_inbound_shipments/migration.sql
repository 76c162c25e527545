-- CreateTable
CREATE TABLE "InboundShipment" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "number" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "failedFrom" TEXT,
    "stopReason" TEXT,
    "attempt" INTEGER NOT NULL DEFAULT 1,
    "from" TEXT NOT NULL,
    "readyAt" BIGINT NOT NULL,
    "planId" TEXT,
    "packing" TEXT,
    "boxes" TEXT,
    "options" TEXT,
    "chosen" TEXT,
    "deliveries" TEXT,
    "by" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL,
    "sentAt" BIGINT,
    "endedAt" BIGINT,
    "version" INTEGER NOT NULL DEFAULT 1
);

-- CreateTable
CREATE TABLE "InboundShipmentLine" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "shipmentId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "sourceLotId" TEXT NOT NULL,
    "sourcePlace" TEXT NOT NULL,
    "lotId" TEXT,
    "sku" TEXT,
    "productId" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "units" INTEGER NOT NULL,
    "prep" TEXT,
    "received" INTEGER NOT NULL DEFAULT 0,
    "damaged" INTEGER NOT NULL DEFAULT 0,
    "settled" TEXT,
    CONSTRAINT "InboundShipmentLine_shipmentId_fkey" FOREIGN KEY ("shipmentId") REFERENCES "InboundShipment" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "InboundShipmentEvent" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "shipmentId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    CONSTRAINT "InboundShipmentEvent_shipmentId_fkey" FOREIGN KEY ("shipmentId") REFERENCES "InboundShipment" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE UNIQUE INDEX "InboundShipment_number_key" ON "InboundShipment"("number");

-- CreateIndex
CREATE UNIQUE INDEX "InboundShipment_name_key" ON "InboundShipment"("name");

-- CreateIndex
CREATE INDEX "InboundShipment_state_id_idx" ON "InboundShipment"("state", "id");

-- CreateIndex
CREATE INDEX "InboundShipmentLine_lotId_idx" ON "InboundShipmentLine"("lotId");

-- CreateIndex
CREATE INDEX "InboundShipmentLine_sourceLotId_idx" ON "InboundShipmentLine"("sourceLotId");

-- CreateIndex
CREATE UNIQUE INDEX "InboundShipmentLine_shipmentId_number_key" ON "InboundShipmentLine"("shipmentId", "number");

-- CreateIndex
CREATE INDEX "InboundShipmentEvent_shipmentId_at_idx" ON "InboundShipmentEvent"("shipmentId", "at");
