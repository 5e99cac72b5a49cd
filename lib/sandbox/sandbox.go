package sandbox

import (
	"fmt"
	"os"
)

// Mode says how much must hold.
type Mode uint8

const (
	// Default demands what the kernel and the user's rights make possible; the
	// package comment has the table.
	Default Mode = iota
	// RequireAll demands every layer. An ordinary user then works in namespaces,
	// in a child process that Enter waits for.
	RequireAll
)

// A Policy is what a program needs once it is locked in.
type Policy struct {
	// Calls names the system call policy: "pure", "read", "write", "follow" and its
	// companion's "open", or for a companion "run" and "run-network", see
	// lib/sandbox/calls and the package comment.
	Calls string
	// Data bounds the memory that the program can write to, in bytes
	// (RLIMIT_DATA). MinData is the least that the Go runtime starts with.
	Data uint64
}

// A Handoff is what the first start gives to the second.
type Handoff struct {
	// Inputs are open descriptors. They stand at 5 and upward in the second start,
	// in this order, behind the socket to a companion. At most MaxFiles of them with
	// folders.
	Inputs []int
	// Folders are absolute paths, at most MaxFolders. Files directly in them and
	// beneath may be read with "open", "run" and "run-network", and with "write"
	// written, made, renamed and removed, too. Other policies have none.
	Folders []string
	// Blob is handed over in sealed memory, at most MaxBlob bytes.
	Blob []byte
	// Scratch is nil, or a folder that is hidden behind an empty one of its own, in
	// memory: with "run" and "run-network" only, which can write nowhere else.
	Scratch *Scratch
	// Companion is nil, or a second process that is to stand beside the program.
	Companion *Companion
}

// A Companion does for a program what the program may not do itself. It is the
// same binary in a process of its own, confined by a policy of its own before the
// program is, and joined to it by a socket (unix(7), SOCK_SEQPACKET). It has no
// terminal: its standard descriptors are /dev/null, and it leads a session of its own.
// What it has to say, also when its Lock fails, goes to the program by [SocketAt]. Each
// of the two learns of the other's end by the end of the socket, and has to end then:
// see [Inside.Wait] and [Inside.Ended].
type Companion struct {
	Policy  Policy
	Handoff Handoff // without a companion
	Which   int     // of several that a program may have; Started tells it
}

// Bounds of a Policy and a Handoff.
const (
	MinData    = 256 << 20
	MaxBlob    = 256 << 20
	MaxInputs  = 1024
	MaxFiles   = 6
	MaxFolders = 16
)

// Inside is what a locked-in program has.
type Inside struct {
	Socket  int // to the companion, or in it to the program; else -1
	Inputs  []int
	Folders []int // in the order of Handoff.Folders
	Blob    []byte
	Layers  []Layer // in the order in which they were applied
}

// A Layer is one method of confinement.
type Layer struct {
	Name string // descriptors, environment, namespaces, ...: the table in the package comment
	On   bool
	Why  string // why it is off, or what there is to know about it; may be empty
}

// A LayerError says which layer could not be put in force.
type LayerError struct {
	Layer string
	Err   error
}

func (e *LayerError) Error() string { return fmt.Sprintf("sandbox: %s: %v", e.Layer, e.Err) }
func (e *LayerError) Unwrap() error { return e.Err }

// A CompanionError says that it was a companion that could not be started; a
// *LayerError in it says why.
type CompanionError struct{ Err error }

func (e *CompanionError) Error() string { return "companion: " + e.Err.Error() }
func (e *CompanionError) Unwrap() error { return e.Err }

// A Role is which start a process says it is, by the marker in its environment.
// Nothing is believed for that, [Lock] asks the kernel; and what it is asked for is
// the policy that the program has for the role.
type Role uint8

const (
	FirstStart      Role = iota // to call Enter
	SecondStart                 // to call Lock, as is each that follows
	WithCompanion               // the second start of a program that has a companion
	CompanionItself             // the second start of that
	waitsForAnother             // the process that waits, see the package comment
	numberOfRoles
)

// Started returns the role of this process, and which companion it has or is.
func Started() (r Role, which int) {
	text, ok := os.LookupEnv(marker)
	if !ok {
		return FirstStart, 0
	}
	o, err := parseOrder(text)
	if err != nil || o.role == waitsForAnother {
		return SecondStart, 0 // Lock says what is wrong, or waits
	}
	return o.role, o.which
}

// Second reports whether this is a second start, in a program without companions.
func Second() bool {
	r, _ := Started()
	return r != FirstStart
}

// The layers, in the order of the table.
const (
	layerDescriptors  = "descriptors"
	layerEnvironment  = "environment"
	layerNamespaces   = "namespaces"
	layerRoot         = "root"
	layerRlimits      = "rlimits"
	layerUser         = "user"
	layerCapabilities = "capabilities"
	layerNoNewPrivs   = "no_new_privs"
	layerDumpable     = "dumpable"
	layerMDWE         = "mdwe"
	layerLandlock     = "landlock"
	layerAppArmor     = "apparmor"
	layerSeccomp      = "seccomp"
)
