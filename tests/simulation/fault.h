// Fault: which deliberate fault a program of the fault bank has in it; see faults.tsv.
//
// The copies that fault_bank.py makes of sources ask FaultIs; the sources themselves know nothing.
//
// Threads: set once, before the first seed.
#pragma once

// For the fault that reads the machine's clock.
#include <chrono>

namespace rapport::simulation {

// 0 = none.
extern int fault_number;

inline bool FaultIs(int number) { return fault_number == number; }

}  // namespace rapport::simulation
