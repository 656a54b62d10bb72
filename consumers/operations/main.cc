// rapport: one program. Noun, then verb; answers on stdout, talk on stderr.
#include "consumers/operations/cli.h"

int main(int argc, char** argv) { return rapport::operations::Run(argc, argv); }
