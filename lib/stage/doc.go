// Package stage is the life of a filter that locks itself in before it reads
// its input.
//
// # How to use it
//
// A program describes itself as a [Program] and hands it to [Main]:
//
//	func main() {
//		var f flags
//		os.Exit(stage.Main(&stage.Program{
//			Name:       "keep",
//			Version:    "1.0",
//			About:      "keep the events of a profile",
//			Synopsis:   []string{"[-q] [-p NAME]..."},
//			Flags:      &f,
//			ReadsInput: true,
//			Policy:     sandbox.Policy{Calls: "pure", Data: sandbox.MinData},
//			Run:        f.run,
//		}))
//	}
//
// It is built as a static binary (CGO_ENABLED=0). The folder testdata/filter of
// the project is such a program, complete, in a module of its own, and sl(7)
// explains it.
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
// Between the two nothing is kept but the flags and what Open puts into [First]:
// descriptors, which stand in [Session].Inputs, and folders. All other variables are
// empty again, for the process is another one.
//
// # Flags
//
// Flags points to a struct that embeds [Common], with the tags of
// github.com/alecthomas/kong: short, help, placeholder, enum, default. A slice
// collects what is given again; [Optional] is a flag whose value may be left out.
// A method Validate() error refuses what contradicts itself, as wrong usage.
// Common brings -h, -V, --schema, --partial, -q and --sandbox. Common.Help and its
// neighbours are Main's own affair.
//
// A field that is no flag (kong:"-") but exported is handed to the second start,
// too: the place for what Open finds out. Strings, numbers, slices and structs of
// them can be handed over, and what has the methods of encoding.BinaryMarshaler and
// BinaryUnmarshaler.
//
// # Open
//
// Open has the user's rights and no input yet. What Run will need from a file is
// opened or read here: an input's descriptor goes to First.Inputs, with a policy
// that may read from it ("read"), a configuration's text to a field of the flags.
// What is read here is trusted; text that a stranger wrote is left for Run. An error
// ends the program with status 2; one input of several that cannot be had is
// reported with Warn, and the others are read.
//
// # Run
//
// Run works on a [Session]. It reads
//
//   - a stream of records, [Session.Stream]: each line decoded, the end records
//     added up, a line that is not well formed reported and counted;
//   - raw lines, [Session.Lines], in blocks of whole lines;
//   - bytes cut anywhere, [Session.Parts];
//   - or an input of its own, [NewBlocks] on a descriptor of Session.Inputs.
//
// It writes to Session.Out, and Pass passes a line on as it came. Session.Unusable
// reports input that cannot be used, Warn, Hint and Say print other messages; the
// errors that it returns are fatal. [WithHint] gives an error a line on what to
// do. Messages are one line, and what a terminal would act upon is escaped in
// them.
//
// A stage over a stream counts in Session.End.In what it has read and in
// End.Skipped what it had no use for; all else in the end record is counted by
// Main, which writes it last. A stage whose output is no stream sets Session.Text.
//
// In Run there is no other file, no network, no process and no environment:
// package sandbox says which functions of the standard library cannot work there.
// Goroutines, timers and memory up to Policy.Data are as ever. A panic ends the
// program with status 2. What Run must not be able to do, but needs, is a
// [Companion]'s: a second process, confined by itself.
//
// What was written is out before any read that may block, so the next stage of
// the chain never waits for a line that is there.
//
// # Exit status
//
//	0  all input was processed
//	1  done, but some input could not be used; each case was reported
//	2  usage, input or output error, or the input stream had no end record
//	3  the sandbox could not be put in force: nothing was read
//	4  with a flag for it (-e): nothing was selected, see Session.Nothing
//
// A reader that leaves early ends the program by SIGPIPE, and TERM, INT and HUP
// end it as they end any other: there is no state to save.
//
// # A generator
//
// [Generator] is the Run of a stage that makes rules of one language from events:
// a [Proposer] is fed with what is of its language, all else is passed on, so that
// generators can stand one behind the other.
package stage
