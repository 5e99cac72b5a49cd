// Package stage is the life of a filter that locks itself in before it reads
// its input.
//
// A program describes itself as a [Program] and hands it to [Main]:
//
//	func main() { os.Exit(stage.Main(&stage.Program{...})) }
//
// Main runs twice, because package sandbox starts the binary twice:
//
//  1. First start, with all privileges the user has: the flags are parsed, -h,
//     -V and --schema answered, Program.Open opens what was named. Then the
//     process confines itself and executes itself.
//  2. Second start, locked in: the sandbox is verified and closed, the flags are
//     filled with what the first start made of them, and only then Program.Run
//     reads its first byte.
//
// Run works on a [Session]: it reads a stream of records ([Session.Stream]) or
// raw lines ([Session.Lines]), writes to Session.Out, and counts. Main writes
// what it left in the buffers and the end record, and returns the exit status:
//
//	0  all input was processed
//	1  done, but some input could not be used; each case was reported
//	2  usage, input or output error, or the input stream had no end record
//	3  the sandbox could not be put in force: nothing was read
//	4  with -e: nothing was selected
//
// A reader that leaves early ends the program by SIGPIPE, and TERM, INT and HUP
// end it as they end any other: there is no state to save.
package stage
