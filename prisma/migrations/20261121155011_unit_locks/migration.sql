-- CreateTable
CREATE TABLE "UnitLock" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "lotId" TEXT NOT NULL,
    "listingId" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "causeKind" TEXT NOT NULL,
    "causeRef" TEXT NOT NULL,
    "causeChannel" TEXT,
    "orderId" TEXT,
    "state" TEXT NOT NULL,
    "soldAt" BIGINT,
    "heardAt" BIGINT NOT NULL,
    "firstCallAt" BIGINT,
    "calledAt" BIGINT,
    "toldAt" BIGINT,
    "provedAt" BIGINT,
    "shown" INTEGER,
    "proof" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "nextAt" BIGINT,
    "error" TEXT
);

-- CreateIndex
CREATE INDEX "UnitLock_channel_nextAt_idx" ON "UnitLock"("channel", "nextAt");

-- CreateIndex
CREATE INDEX "UnitLock_orderId_idx" ON "UnitLock"("orderId");

-- CreateIndex
CREATE INDEX "UnitLock_lotId_idx" ON "UnitLock"("lotId");

-- CreateIndex
CREATE INDEX "UnitLock_state_heardAt_idx" ON "UnitLock"("state", "heardAt");

-- CreateIndex
CREATE UNIQUE INDEX "UnitLock_listingId_causeRef_key" ON "UnitLock"("listingId", "causeRef");
