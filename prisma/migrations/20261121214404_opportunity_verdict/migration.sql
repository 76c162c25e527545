-- AlterTable: added at the end, as no rebuilt table keeps the triggers and row ids that its search goes by
ALTER TABLE "Opportunity" ADD COLUMN "verdict" TEXT NOT NULL DEFAULT 'unsure';
