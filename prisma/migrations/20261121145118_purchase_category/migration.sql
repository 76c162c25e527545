-- AlterTable
ALTER TABLE "Purchase" ADD COLUMN "category" TEXT;

UPDATE "Purchase" SET "category" = (SELECT json_extract(a."evidence", '$.category') FROM "Approval" a WHERE a."id" = "Purchase"."approvalId");
