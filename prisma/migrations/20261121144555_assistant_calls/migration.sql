-- CreateTable
CREATE TABLE "AiCall" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "purpose" TEXT NOT NULL,
    "subject" TEXT,
    "vendor" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "promptVersion" TEXT NOT NULL,
    "inputHash" TEXT NOT NULL,
    "request" TEXT,
    "answer" TEXT,
    "outcome" TEXT NOT NULL,
    "detail" TEXT,
    "inputTokens" INTEGER NOT NULL DEFAULT 0,
    "outputTokens" INTEGER NOT NULL DEFAULT 0,
    "costMicro" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "priceCard" TEXT NOT NULL,
    "latencyMs" INTEGER NOT NULL DEFAULT 0,
    "answeredBy" TEXT,
    "createdAt" BIGINT NOT NULL
);

-- CreateIndex
CREATE INDEX "AiCall_createdAt_id_idx" ON "AiCall"("createdAt", "id");

-- CreateIndex
CREATE INDEX "AiCall_purpose_createdAt_id_idx" ON "AiCall"("purpose", "createdAt", "id");

-- CreateIndex
CREATE INDEX "AiCall_subject_createdAt_idx" ON "AiCall"("subject", "createdAt");

-- CreateIndex
CREATE INDEX "AiCall_inputHash_outcome_idx" ON "AiCall"("inputHash", "outcome");
