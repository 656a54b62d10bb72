// Machine: where figures were taken, without which they mean nothing.
//
//   for (const auto& [name, value] : DescribeMachine()) std::printf("%s: %s\n", ...);
//
// Threads: pure, but for reading /proc.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace rapport::bench {

// Cores, processor, kernel, load, compiler, versions of the libraries, allocator.
std::vector<std::pair<std::string, std::string>> DescribeMachine();

// Nanoseconds of CPU that all threads of this process have used.
double ProcessCpuNanos();

// Bytes of memory that this process has, and the most it ever had.
struct MemoryUse {
  int64_t now_bytes = 0;
  int64_t peak_bytes = 0;
};
MemoryUse ProcessMemory();

}  // namespace rapport::bench
