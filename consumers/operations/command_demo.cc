#include "consumers/operations/command_demo.h"

namespace rapport::operations {

absl::Status RunDemo(const Demo& options) { return absl::UnimplementedError(options.keep); }

}  // namespace rapport::operations
