-- CreateTable
CREATE TABLE "ViewAlert" (
    "viewId" TEXT NOT NULL PRIMARY KEY,
    "filter" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "checkedAt" BIGINT NOT NULL,
    CONSTRAINT "ViewAlert_viewId_fkey" FOREIGN KEY ("viewId") REFERENCES "SavedView" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "AlertMatch" (
    "viewId" TEXT NOT NULL,
    "opportunityId" TEXT NOT NULL,
    "matchedAt" BIGINT NOT NULL,
    "toldAt" BIGINT,
    "seenAt" BIGINT,

    PRIMARY KEY ("viewId", "opportunityId"),
    CONSTRAINT "AlertMatch_viewId_fkey" FOREIGN KEY ("viewId") REFERENCES "ViewAlert" ("viewId") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "ScanChange" (
    "runId" TEXT NOT NULL,
    "offerId" TEXT NOT NULL,
    "sourceId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "beforeMinor" BIGINT,
    "afterMinor" BIGINT,
    "beforeStock" INTEGER,
    "afterStock" INTEGER,
    "at" BIGINT NOT NULL,

    PRIMARY KEY ("runId", "offerId")
);

-- CreateTable
CREATE TABLE "FeeRecompute" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "items" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "undoneAt" BIGINT
);

-- CreateIndex
CREATE INDEX "AlertMatch_viewId_seenAt_matchedAt_idx" ON "AlertMatch"("viewId", "seenAt", "matchedAt");

-- CreateIndex
CREATE INDEX "ScanChange_runId_kind_offerId_idx" ON "ScanChange"("runId", "kind", "offerId");

-- CreateIndex
CREATE INDEX "ScanChange_sourceId_at_idx" ON "ScanChange"("sourceId", "at");

-- CreateIndex
CREATE INDEX "FeeRecompute_createdAt_idx" ON "FeeRecompute"("createdAt");
