-- AlterTable
ALTER TABLE "NegotiationMessage" ADD COLUMN "deliveredAt" BIGINT;

-- AlterTable
ALTER TABLE "TicketMessage" ADD COLUMN "deliveredAt" BIGINT;

-- CreateTable
CREATE TABLE "MailEvent" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "messageId" TEXT,
    "at" BIGINT NOT NULL,
    "receivedAt" BIGINT NOT NULL
);
