-- CreateTable
CREATE TABLE "FrontierUrl" (
    "sourceId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "runId" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "depth" INTEGER NOT NULL,
    "priority" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "dueAt" BIGINT NOT NULL,
    "leaseUntil" BIGINT,
    "owner" TEXT,
    "changed" TEXT,
    "error" TEXT,

    PRIMARY KEY ("sourceId", "key")
);

-- CreateIndex
CREATE INDEX "FrontierUrl_sourceId_state_priority_idx" ON "FrontierUrl"("sourceId", "state", "priority");
