if(TARGET muster_net)
  fuzz_target(frames USES muster_net)
endif()
