-- CreateTable
CREATE TABLE "Person" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "disabledAt" BIGINT
);

-- CreateTable
CREATE TABLE "PersonChannel" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "personId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "linkedAt" BIGINT NOT NULL,
    "seenAt" BIGINT,
    "revokedAt" BIGINT,
    CONSTRAINT "PersonChannel_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "PairingCode" (
    "codeSha256" TEXT NOT NULL PRIMARY KEY,
    "personId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "expiresAt" BIGINT NOT NULL,
    "usedAt" BIGINT
);

-- CreateTable
CREATE TABLE "Consent" (
    "approvalId" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "at" BIGINT NOT NULL,

    PRIMARY KEY ("approvalId", "personId"),
    CONSTRAINT "Consent_approvalId_fkey" FOREIGN KEY ("approvalId") REFERENCES "Approval" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "Consent_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "ApprovalCard" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "subjectId" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "channelId" TEXT NOT NULL,
    "messageId" TEXT,
    "text" TEXT NOT NULL,
    "sentAt" BIGINT NOT NULL,
    "closedAt" BIGINT
);

-- CreateTable
CREATE TABLE "AuditEntry" (
    "seq" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "at" BIGINT NOT NULL,
    "actor" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT,
    "data" TEXT NOT NULL,
    "prevHash" TEXT NOT NULL,
    "hash" TEXT NOT NULL
);

-- CreateIndex
CREATE INDEX "PersonChannel_personId_idx" ON "PersonChannel"("personId");

-- CreateIndex
CREATE UNIQUE INDEX "PersonChannel_kind_address_key" ON "PersonChannel"("kind", "address");

-- CreateIndex
CREATE INDEX "PairingCode_expiresAt_idx" ON "PairingCode"("expiresAt");

-- CreateIndex
CREATE INDEX "ApprovalCard_closedAt_subjectId_idx" ON "ApprovalCard"("closedAt", "subjectId");

-- CreateIndex
CREATE UNIQUE INDEX "ApprovalCard_channelId_kind_subjectId_version_key" ON "ApprovalCard"("channelId", "kind", "subjectId", "version");

-- CreateIndex
CREATE INDEX "AuditEntry_subject_seq_idx" ON "AuditEntry"("subject", "seq");

-- CreateIndex
CREATE INDEX "Approval_approvedAt_idx" ON "Approval"("approvedAt");

-- What was recorded stays as it was recorded.
CREATE TRIGGER "audit_no_update" BEFORE UPDATE ON "AuditEntry" BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER "audit_no_delete" BEFORE DELETE ON "AuditEntry" BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER "consent_no_update" BEFORE UPDATE ON "Consent" BEGIN SELECT RAISE(ABORT, 'consents are append-only'); END;
CREATE TRIGGER "consent_no_delete" BEFORE DELETE ON "Consent" BEGIN SELECT RAISE(ABORT, 'consents are append-only'); END;
-- The desk's own user.
INSERT INTO "Person" ("id", "name", "role", "createdAt") VALUES ('owner', 'Owner', 'owner', 0);
