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
	// Calls names the system call policy: "pure", "read" or "write", see
	// lib/sandbox/policy.
	Calls string
	// Data bounds the memory that the program can write to, in bytes
	// (RLIMIT_DATA). MinData is the least that the Go runtime starts with.
	Data uint64
}

// A Handoff is what the first start gives to the second.
type Handoff struct {
	// Inputs are open descriptors. They stand at 5 and upward in the second start,
	// in this order. At most MaxFiles of them with "write".
	Inputs []int
	// Folders are absolute paths. Files directly in them and beneath may be read,
	// written, made, renamed and removed. Only with "write", at most MaxFolders.
	Folders []string
	// Blob is handed over in sealed memory, at most MaxBlob bytes.
	Blob []byte
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

// Second reports whether this process says that it is the second start: its
// environment has the marker. Nothing is believed for that, [Lock] asks the
// kernel.
func Second() bool {
	_, ok := os.LookupEnv(marker)
	return ok
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
