-- CreateTable
CREATE TABLE "ChannelCharge" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "channel" TEXT NOT NULL,
    "transactionId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "shipmentId" TEXT,
    "minor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "expectedMinor" BIGINT,
    "explained" TEXT,
    "at" BIGINT NOT NULL
);

-- CreateIndex
CREATE INDEX "ChannelCharge_shipmentId_idx" ON "ChannelCharge"("shipmentId");

-- CreateIndex
CREATE INDEX "ChannelCharge_at_id_idx" ON "ChannelCharge"("at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "ChannelCharge_channel_transactionId_key" ON "ChannelCharge"("channel", "transactionId");
