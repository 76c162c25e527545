-- AlterTable
ALTER TABLE "Calibration" ADD COLUMN "channelBp" INTEGER;
