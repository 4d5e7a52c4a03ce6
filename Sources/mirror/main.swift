import MirrorCommand
import StockEcosystems

await CommandLineTool.main(resolvers: StockEcosystems.resolvers)
