// Machine: where figures were taken, without which they mean nothing.
//
//   for (const auto& [name, value] : DescribeMachine()) std::printf("%s: %s\n", ...);
//
// Threads: pure, but for reading /proc.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace rapport::bench {

// Cores, processor, kernel, load, compiler, versions of the libraries, allocator.
std::vector<std::pair<std::string, std::string>> DescribeMachine();

// Nanoseconds of CPU that all threads of this process have used.
double ProcessCpuNanos();

}  // namespace rapport::bench
