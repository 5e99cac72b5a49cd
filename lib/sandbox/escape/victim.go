package main

import (
	"os"

	"github.com/sl-suite/sl/lib/sandbox"
	"github.com/sl-suite/sl/lib/sandbox/internal/act"
)

// The victim is called PROGRAM victim CALLS ACT SCENE; instead of CALLS it may
// say "bare", and is then not confined.
const (
	victimWord = "victim"
	bareWord   = "bare"
)

func isVictim(args []string) bool { return len(args) == 5 && args[1] == victimWord }

func victim(args []string) int {
	scene, err := act.ParseScene(args[4])
	if err != nil {
		return say(2, err.Error())
	}
	a, ok := act.Find(args[3])
	if !ok {
		return say(2, "no such act")
	}
	if args[2] != bareWord {
		p := program{calls: args[2]}
		if !sandbox.Second() {
			return say(3, sandbox.Enter(p.policy(), p.handoff(scene), sandbox.Default).Error())
		}
		in, err := sandbox.Lock(p.policy())
		if err != nil {
			return say(3, err.Error())
		}
		if len(in.Folders) > 0 {
			scene.Folder = in.Folders[0]
		}
	}
	a.Tell(scene)
	return 0 // not reached
}

func say(status int, message string) int {
	os.Stderr.WriteString(message + "\n")
	return status
}
