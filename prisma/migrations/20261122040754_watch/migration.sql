-- CreateTable
CREATE TABLE "Watch" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "sourceId" TEXT,
    "market" TEXT,
    "externalId" TEXT,
    "key" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "productId" TEXT,
    "state" TEXT NOT NULL,
    "intervalMs" BIGINT NOT NULL,
    "belowMinor" BIGINT,
    "nextAt" BIGINT NOT NULL,
    "checkedAt" BIGINT,
    "readAt" BIGINT,
    "problem" TEXT,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "priceMinor" BIGINT,
    "currency" TEXT,
    "available" BOOLEAN,
    "quantity" INTEGER,
    "sellers" INTEGER,
    "changeBp" INTEGER,
    "createdAt" BIGINT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1
);

-- CreateTable
CREATE TABLE "WatchReading" (
    "watchId" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "priceMinor" BIGINT,
    "currency" TEXT,
    "available" BOOLEAN,
    "quantity" INTEGER,
    "sellers" INTEGER,

    PRIMARY KEY ("watchId", "at"),
    CONSTRAINT "WatchReading_watchId_fkey" FOREIGN KEY ("watchId") REFERENCES "Watch" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "WatchAlert" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "watchId" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "toldAt" BIGINT,
    "seenAt" BIGINT,
    CONSTRAINT "WatchAlert_watchId_fkey" FOREIGN KEY ("watchId") REFERENCES "Watch" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE UNIQUE INDEX "Watch_key_key" ON "Watch"("key");

-- CreateIndex
CREATE INDEX "Watch_state_nextAt_idx" ON "Watch"("state", "nextAt");

-- CreateIndex
CREATE INDEX "Watch_productId_idx" ON "Watch"("productId");

-- CreateIndex
CREATE INDEX "WatchAlert_watchId_at_idx" ON "WatchAlert"("watchId", "at");

-- CreateIndex
CREATE INDEX "WatchAlert_seenAt_at_idx" ON "WatchAlert"("seenAt", "at");

-- CreateIndex
CREATE INDEX "WatchAlert_toldAt_idx" ON "WatchAlert"("toldAt");
