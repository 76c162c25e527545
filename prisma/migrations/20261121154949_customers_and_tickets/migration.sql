-- AlterTable
ALTER TABLE "Order" ADD COLUMN "buyerWords" TEXT;

-- AlterTable
ALTER TABLE "Payment" ADD COLUMN "customerWords" TEXT;

-- CreateTable
CREATE TABLE "Customer" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT,
    "words" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL,
    "erasedAt" BIGINT
);

-- CreateTable
CREATE TABLE "CustomerHandle" (
    "kind" TEXT NOT NULL,
    "mark" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "customerId" TEXT NOT NULL,

    PRIMARY KEY ("kind", "mark"),
    CONSTRAINT "CustomerHandle_customerId_fkey" FOREIGN KEY ("customerId") REFERENCES "Customer" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "CustomerOrder" (
    "orderId" TEXT NOT NULL PRIMARY KEY,
    "customerId" TEXT NOT NULL,
    CONSTRAINT "CustomerOrder_customerId_fkey" FOREIGN KEY ("customerId") REFERENCES "Customer" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Ticket" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "state" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "handleMark" TEXT NOT NULL,
    "itemId" TEXT,
    "customerId" TEXT,
    "orderId" TEXT,
    "subject" TEXT,
    "words" TEXT NOT NULL,
    "intent" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "confidenceBp" INTEGER NOT NULL,
    "urgency" INTEGER NOT NULL,
    "handOff" TEXT,
    "dueAt" BIGINT,
    "snoozedUntil" BIGINT,
    "satisfaction" TEXT,
    "openedAt" BIGINT NOT NULL,
    "lastInAt" BIGINT NOT NULL,
    "firstReplyAt" BIGINT,
    "lastOutAt" BIGINT,
    "closedAt" BIGINT,
    "updatedAt" BIGINT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1
);

-- CreateTable
CREATE TABLE "TicketMessage" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "ticketId" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "direction" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "author" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "proposed" TEXT,
    "subject" TEXT,
    "externalId" TEXT,
    "intent" TEXT,
    "confidenceBp" INTEGER,
    "basis" TEXT,
    "attemptedAt" BIGINT,
    "sentAt" BIGINT,
    "error" TEXT,
    "createdAt" BIGINT NOT NULL,
    CONSTRAINT "TicketMessage_ticketId_fkey" FOREIGN KEY ("ticketId") REFERENCES "Ticket" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "TicketEvent" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "ticketId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    CONSTRAINT "TicketEvent_ticketId_fkey" FOREIGN KEY ("ticketId") REFERENCES "Ticket" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "DraftOutcome" (
    "messageId" TEXT NOT NULL PRIMARY KEY,
    "intent" TEXT NOT NULL,
    "confidenceBp" INTEGER NOT NULL,
    "outcome" TEXT NOT NULL,
    "at" BIGINT NOT NULL
);

-- CreateIndex
CREATE INDEX "Customer_updatedAt_idx" ON "Customer"("updatedAt");

-- CreateIndex
CREATE INDEX "CustomerHandle_customerId_idx" ON "CustomerHandle"("customerId");

-- CreateIndex
CREATE INDEX "CustomerOrder_customerId_idx" ON "CustomerOrder"("customerId");

-- CreateIndex
CREATE INDEX "Ticket_state_dueAt_id_idx" ON "Ticket"("state", "dueAt", "id");

-- CreateIndex
CREATE INDEX "Ticket_channel_handleMark_id_idx" ON "Ticket"("channel", "handleMark", "id");

-- CreateIndex
CREATE INDEX "Ticket_customerId_id_idx" ON "Ticket"("customerId", "id");

-- CreateIndex
CREATE INDEX "Ticket_orderId_idx" ON "Ticket"("orderId");

-- CreateIndex
CREATE INDEX "Ticket_intent_id_idx" ON "Ticket"("intent", "id");

-- CreateIndex
CREATE INDEX "Ticket_state_snoozedUntil_idx" ON "Ticket"("state", "snoozedUntil");

-- CreateIndex
CREATE INDEX "Ticket_closedAt_idx" ON "Ticket"("closedAt");

-- CreateIndex
CREATE INDEX "TicketMessage_ticketId_id_idx" ON "TicketMessage"("ticketId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "TicketMessage_channel_externalId_key" ON "TicketMessage"("channel", "externalId");

-- CreateIndex
CREATE INDEX "TicketEvent_ticketId_id_idx" ON "TicketEvent"("ticketId", "id");

-- CreateIndex
CREATE INDEX "DraftOutcome_intent_at_idx" ON "DraftOutcome"("intent", "at");
