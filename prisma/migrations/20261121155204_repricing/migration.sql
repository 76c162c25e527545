-- CreateTable
CREATE TABLE "RepriceState" (
    "listingId" TEXT NOT NULL PRIMARY KEY,
    "evidence" TEXT NOT NULL,
    "standing" TEXT,
    "observedAt" BIGINT NOT NULL,
    "pausedAt" BIGINT,
    "heldUntil" BIGINT,
    "updatedAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "RepriceObservation" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "listingId" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "data" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "RepriceDecision" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "listingId" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "trigger" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "fromMinor" BIGINT NOT NULL,
    "toMinor" BIGINT NOT NULL,
    "floorMinor" BIGINT NOT NULL,
    "lowestMinor" BIGINT,
    "currency" TEXT NOT NULL,
    "reasons" TEXT NOT NULL,
    "seed" TEXT,
    "undoneAt" BIGINT
);

-- CreateIndex
CREATE INDEX "RepriceObservation_listingId_id_idx" ON "RepriceObservation"("listingId", "id");

-- CreateIndex
CREATE INDEX "RepriceDecision_listingId_id_idx" ON "RepriceDecision"("listingId", "id");
