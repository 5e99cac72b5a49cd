package act

import (
	"encoding/json"
	"fmt"
)

// A Scene is what the attacker can know and reach for. It is made by the process
// that watches, which looks afterwards whether anything has changed.
type Scene struct {
	Secret     string // a file that everybody may read
	Outside    string // a folder that everybody may write to
	Inside     string // a folder that is given to a program that may write, beside Outside
	Victim     int    // a process of the same user
	VictimText uint64 // an address in it, of the four bytes "\x7fELF"
	VictimData uint64 // an address in it, of a byte that may be written to
	Stream     string // sockets with a path, which everybody may connect to, as a session bus has: one that listens,
	Packets    string // one that listens for a socket that keeps messages apart,
	Datagrams  string // and one that receives
	Abstract   string // an abstract socket that listens, without its @
	Port       int    // a port of 127.0.0.1, where one socket listens (TCP) and another receives (UDP)
	Queue      string // the name of a message queue that is not there
	LeftFile   int    // descriptors that were left open: the secret, for reading;
	LeftDir    int    // the folder of the secret;
	LeftPair   int    // one end of a socket pair;
	LeftModule int    // a module of the kernel's, or the secret
	Module     string // the module's name; empty where there is none

	// What the process itself knows.
	Folder int // the descriptor of Inside, or -1
	Inputs int // how many inputs were handed over to it
}

// Text is the scene as an argument of a program.
func (s Scene) Text() string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // numbers and strings
	}
	return string(b)
}

// ParseScene is the inverse of Text.
func ParseScene(text string) (*Scene, error) {
	s := &Scene{Folder: -1}
	if err := json.Unmarshal([]byte(text), s); err != nil {
		return nil, fmt.Errorf("scene: %w", err)
	}
	return s, nil
}
