-- CreateTable
CREATE TABLE "Payment" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "provider" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "problem" TEXT,
    "amountMinor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "paidMinor" BIGINT,
    "feeMinor" BIGINT,
    "refundedMinor" BIGINT NOT NULL DEFAULT 0,
    "description" TEXT NOT NULL,
    "lotId" TEXT,
    "units" INTEGER,
    "orderId" TEXT,
    "customerName" TEXT,
    "customerEmail" TEXT,
    "customerPhone" TEXT,
    "url" TEXT,
    "handle" TEXT NOT NULL,
    "idempotencyKey" TEXT NOT NULL,
    "createdBy" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "expiresAt" BIGINT NOT NULL,
    "paidAt" BIGINT,
    "checkedAt" BIGINT,
    "checkAt" BIGINT,
    "checks" INTEGER NOT NULL DEFAULT 0,
    "version" INTEGER NOT NULL DEFAULT 1
);

-- CreateTable
CREATE TABLE "PaymentRefund" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "paymentId" TEXT NOT NULL,
    "amountMinor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "externalId" TEXT,
    "error" TEXT,
    "idempotencyKey" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "endedAt" BIGINT,
    CONSTRAINT "PaymentRefund_paymentId_fkey" FOREIGN KEY ("paymentId") REFERENCES "Payment" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "PaymentEvent" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "paymentId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    CONSTRAINT "PaymentEvent_paymentId_fkey" FOREIGN KEY ("paymentId") REFERENCES "Payment" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "PaymentAlias" (
    "provider" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "paymentId" TEXT NOT NULL,

    PRIMARY KEY ("provider", "value")
);

-- CreateTable
CREATE TABLE "PaymentNotice" (
    "provider" TEXT NOT NULL,
    "eventId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "paymentId" TEXT,
    "receivedAt" BIGINT NOT NULL,

    PRIMARY KEY ("provider", "eventId")
);

-- CreateTable
CREATE TABLE "Payout" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "provider" TEXT NOT NULL,
    "externalId" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "amountMinor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "arrivesAt" BIGINT NOT NULL,
    "bookedAt" BIGINT,
    "difference" BIGINT NOT NULL DEFAULT 0,
    "createdBy" TEXT NOT NULL,
    "seenAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "PayoutLine" (
    "payoutId" TEXT NOT NULL,
    "externalId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "paymentId" TEXT,
    "grossMinor" BIGINT NOT NULL,
    "feeMinor" BIGINT NOT NULL,
    "netMinor" BIGINT NOT NULL,
    "description" TEXT NOT NULL,

    PRIMARY KEY ("payoutId", "externalId"),
    CONSTRAINT "PayoutLine_payoutId_fkey" FOREIGN KEY ("payoutId") REFERENCES "Payout" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "PaymentDispute" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "provider" TEXT NOT NULL,
    "externalId" TEXT NOT NULL,
    "paymentId" TEXT,
    "state" TEXT NOT NULL,
    "amountMinor" BIGINT NOT NULL,
    "feeMinor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "answerBy" BIGINT,
    "seenAt" BIGINT NOT NULL,
    "changedAt" BIGINT NOT NULL
);

-- CreateIndex
CREATE UNIQUE INDEX "Payment_idempotencyKey_key" ON "Payment"("idempotencyKey");

-- CreateIndex
CREATE INDEX "Payment_state_id_idx" ON "Payment"("state", "id");

-- CreateIndex
CREATE INDEX "Payment_checkAt_idx" ON "Payment"("checkAt");

-- CreateIndex
CREATE INDEX "Payment_provider_id_idx" ON "Payment"("provider", "id");

-- CreateIndex
CREATE UNIQUE INDEX "PaymentRefund_idempotencyKey_key" ON "PaymentRefund"("idempotencyKey");

-- CreateIndex
CREATE INDEX "PaymentRefund_paymentId_idx" ON "PaymentRefund"("paymentId");

-- CreateIndex
CREATE INDEX "PaymentRefund_state_idx" ON "PaymentRefund"("state");

-- CreateIndex
CREATE INDEX "PaymentEvent_paymentId_at_idx" ON "PaymentEvent"("paymentId", "at");

-- CreateIndex
CREATE INDEX "Payout_arrivesAt_id_idx" ON "Payout"("arrivesAt", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Payout_provider_externalId_key" ON "Payout"("provider", "externalId");

-- CreateIndex
CREATE INDEX "PaymentDispute_state_idx" ON "PaymentDispute"("state");

-- CreateIndex
CREATE UNIQUE INDEX "PaymentDispute_provider_externalId_key" ON "PaymentDispute"("provider", "externalId");
