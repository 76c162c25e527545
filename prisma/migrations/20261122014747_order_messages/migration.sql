-- CreateTable
CREATE TABLE "OrderMessage" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "key" TEXT NOT NULL,
    "orderId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "attemptedAt" BIGINT,
    "sentAt" BIGINT,
    "error" TEXT,
    "createdAt" BIGINT NOT NULL
);

-- CreateIndex
CREATE UNIQUE INDEX "OrderMessage_key_key" ON "OrderMessage"("key");

-- CreateIndex
CREATE INDEX "OrderMessage_orderId_id_idx" ON "OrderMessage"("orderId", "id");

-- CreateIndex
CREATE INDEX "OrderMessage_state_createdAt_idx" ON "OrderMessage"("state", "createdAt");
