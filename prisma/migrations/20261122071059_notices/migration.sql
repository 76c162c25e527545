-- CreateTable
CREATE TABLE "Notice" (
    "key" TEXT NOT NULL,
    "way" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "attemptedAt" BIGINT NOT NULL,

    PRIMARY KEY ("key", "way")
);

-- CreateIndex
CREATE INDEX "Notice_attemptedAt_idx" ON "Notice"("attemptedAt");
