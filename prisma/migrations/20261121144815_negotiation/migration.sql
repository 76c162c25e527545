-- CreateTable
CREATE TABLE "Negotiation" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "opportunityId" TEXT NOT NULL,
    "sourceId" TEXT NOT NULL,
    "sourceName" TEXT NOT NULL,
    "sourceKind" TEXT NOT NULL,
    "offerExternalId" TEXT NOT NULL,
    "offerUrl" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "sellerName" TEXT,
    "sellerKey" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "timeZone" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "askedMinor" BIGINT NOT NULL,
    "ceilingMinor" BIGINT NOT NULL,
    "workingMinor" BIGINT NOT NULL,
    "mostOffers" INTEGER NOT NULL,
    "turns" TEXT NOT NULL,
    "review" BOOLEAN NOT NULL,
    "agreedMinor" BIGINT,
    "endReason" TEXT,
    "nextStep" TEXT,
    "nextAt" BIGINT,
    "reminded" BOOLEAN NOT NULL DEFAULT false,
    "evidence" TEXT NOT NULL,
    "evidenceSha256" TEXT NOT NULL,
    "approvedBy" TEXT NOT NULL,
    "approvedAt" BIGINT NOT NULL,
    "expiresAt" BIGINT NOT NULL,
    "reasoning" TEXT,
    "purchaseId" TEXT,
    "createdAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL,
    "endedAt" BIGINT,
    "version" INTEGER NOT NULL DEFAULT 1
);

-- CreateTable
CREATE TABLE "NegotiationMessage" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "negotiationId" TEXT NOT NULL,
    "direction" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "author" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "language" TEXT,
    "amountMinor" BIGINT,
    "reading" TEXT,
    "correctedBy" TEXT,
    "reasoning" TEXT,
    "externalId" TEXT,
    "attemptedAt" BIGINT,
    "sentAt" BIGINT,
    "error" TEXT,
    "createdAt" BIGINT NOT NULL,
    CONSTRAINT "NegotiationMessage_negotiationId_fkey" FOREIGN KEY ("negotiationId") REFERENCES "Negotiation" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "NegotiationEvent" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "negotiationId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    CONSTRAINT "NegotiationEvent_negotiationId_fkey" FOREIGN KEY ("negotiationId") REFERENCES "Negotiation" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "InboundText" (
    "channel" TEXT NOT NULL,
    "externalId" TEXT NOT NULL,
    "sender" TEXT NOT NULL,
    "subject" TEXT,
    "text" TEXT NOT NULL,
    "negotiationId" TEXT,
    "receivedAt" BIGINT NOT NULL,

    PRIMARY KEY ("channel", "externalId")
);

-- CreateTable
CREATE TABLE "OptOut" (
    "channel" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "sellerKey" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "negotiationId" TEXT NOT NULL,
    "at" BIGINT NOT NULL,

    PRIMARY KEY ("channel", "recipient")
);

-- CreateTable
CREATE TABLE "AcceptanceRecord" (
    "scope" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "negotiationId" TEXT NOT NULL,
    "counts" TEXT NOT NULL,
    "talks" INTEGER NOT NULL,
    "at" BIGINT NOT NULL,

    PRIMARY KEY ("scope", "version")
);

-- CreateIndex
CREATE INDEX "Negotiation_state_id_idx" ON "Negotiation"("state", "id");

-- CreateIndex
CREATE INDEX "Negotiation_channel_recipient_id_idx" ON "Negotiation"("channel", "recipient", "id");

-- CreateIndex
CREATE INDEX "Negotiation_sellerKey_id_idx" ON "Negotiation"("sellerKey", "id");

-- CreateIndex
CREATE INDEX "Negotiation_opportunityId_idx" ON "Negotiation"("opportunityId");

-- CreateIndex
CREATE INDEX "NegotiationMessage_negotiationId_id_idx" ON "NegotiationMessage"("negotiationId", "id");

-- CreateIndex
CREATE INDEX "NegotiationMessage_externalId_idx" ON "NegotiationMessage"("externalId");

-- CreateIndex
CREATE UNIQUE INDEX "NegotiationMessage_direction_externalId_negotiationId_key" ON "NegotiationMessage"("direction", "externalId", "negotiationId");

-- CreateIndex
CREATE INDEX "NegotiationEvent_negotiationId_id_idx" ON "NegotiationEvent"("negotiationId", "id");

-- CreateIndex
CREATE INDEX "InboundText_negotiationId_receivedAt_idx" ON "InboundText"("negotiationId", "receivedAt");

-- CreateIndex
CREATE INDEX "OptOut_sellerKey_idx" ON "OptOut"("sellerKey");

-- CreateIndex
CREATE UNIQUE INDEX "AcceptanceRecord_scope_negotiationId_key" ON "AcceptanceRecord"("scope", "negotiationId");
