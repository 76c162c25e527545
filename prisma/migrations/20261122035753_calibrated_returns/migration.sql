-- AlterTable
ALTER TABLE "Calibration" ADD COLUMN "feesKeptBp" INTEGER;
ALTER TABLE "Calibration" ADD COLUMN "recoveryBp" INTEGER;
ALTER TABLE "Calibration" ADD COLUMN "returnsBp" INTEGER;
