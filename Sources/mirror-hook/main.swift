import MirrorHook

Hook.run()
